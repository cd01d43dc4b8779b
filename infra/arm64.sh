#!/usr/bin/env bash
# Segments one case with the arm64 natives under qemu's user emulation, with a Java of Debian's arm64 packages, and compares the label map with that of
# this machine. Installs nothing: everything goes into FOLDER, from Debian's mirror. Emulated seconds say nothing of a real machine's.
#   infra/arm64.sh FOLDER [MODEL]      (on Debian or Ubuntu, after mvn package; needs the network once)
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
model=${2:-nano-int8}
cd "$folder"

if [ ! -d arm64 ]; then
  mkdir -p apt/state/lists/partial apt/cache/archives/partial packages
  : > apt/status
  options=(-o Dir::State="$folder/apt/state" -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt/cache"
    -o APT::Sandbox::User=root -o APT::Architecture=arm64 -o APT::Architectures::=arm64)
  apt-get "${options[@]}" -qq update
  (cd packages && apt-get -o APT::Sandbox::User=root -qq download qemu-user-static \
    && apt-get "${options[@]}" -qq download openjdk-17-jre-headless libc6 libstdc++6 libgcc-s1 zlib1g)
  for package in packages/*_amd64.deb; do dpkg -x "$package" host; done
  for package in packages/*_arm64.deb; do dpkg -x "$package" arm64; done
fi

natives=$root/src/segmenter/target/lib/ai/onnxruntime/native/linux-aarch64
segment=(-jar "$root/src/segmenter/target/medficientsam-segmenter.jar" segment "$root/src/samples/2D_sample_lesion.npz"
  --models "$root/models/bundles" --model "$model" --quiet)
java "${segment[@]}" -o here.npz
mkdir -p arm64/proc
# ONNX Runtime reads what a processor can do from here, and qemu would show it the host's.
describe() { # features, part
  for processor in 0 1; do
    printf 'processor\t: %d\nFeatures\t: %s\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x1\nCPU part\t: %s\nCPU revision\t: 1\n\n' \
      "$processor" "$1" "$2"
  done > arm64/proc/cpuinfo
}
emulated() { # qemu's processor
  /usr/bin/time -f "$1: %U s of emulation" host/usr/bin/qemu-aarch64-static -cpu "$1" -L arm64 arm64/usr/lib/jvm/java-17-openjdk-arm64/bin/java \
    -XX:-UsePerfData -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.library.path="$natives" -Donnxruntime.native.path="$natives" \
    "${segment[@]}" -o "$1.npz"
  python3 - "$1" << 'COMPARE'
import sys, zipfile
def labels(path):
    data = zipfile.ZipFile(path).read("segs.npy")
    start = 10 + int.from_bytes(data[8:10], "little")
    size = 2 if b"u2" in data[:start] else 1
    return [data[i:i + size] for i in range(start, len(data), size)]
here, there = labels("here.npz"), labels(sys.argv[1] + ".npz")
other = sum(a != b for a, b in zip(here, there))
print(f"{sys.argv[1]}: {other} of {len(here)} pixels differ from this machine's, {sum(map(any, here))} are labelled")
sys.exit(other > 0.001 * len(here))
COMPARE
}
# Neoverse V1 (Graviton 3): UDOT, SDOT and the matrix instructions. Cortex-A72 (Graviton 1, Raspberry Pi 4): neither.
describe "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm jscvt fcma lrcpc dcpop asimddp i8mm bf16" 0xd40
emulated max
describe "fp asimd evtstrm crc32 cpuid" 0xd08
emulated cortex-a72
