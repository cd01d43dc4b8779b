#!/usr/bin/env bash
# Reprints the table of distribution/README.md: seconds of one cold 2D case by the command line, per JVM, way of starting and
# number of processors; medians of N (9), every variant in turn so that a machine's slow minute falls on all of them.
#   JAVA17=... JAVA25=... infra/startup.sh [N] [BASELINE RUNNER JAR]
# Needs what mvn package leaves in infra/distribution/target. The baseline is a runner jar of an earlier commit, with its own bundles
# in BASELINE_BUNDLES; without one it is the plain runner jar of this commit.
set -euo pipefail
cd "$(dirname "$0")/.."
n=${1:-9}
: "${JAVA17:?a JDK 17}" "${JAVA25:?a JDK 25}"
baseline=${2:-src/function/target/medficientsam-function-runner.jar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$(ls infra/distribution/target/*-linux-x64.tar.gz | tail -1)" -C "$work"
home=$(ls -d "$work"/medficientsam-*)
for java in "$JAVA17" "$JAVA25"; do JAVA_HOME=$java "$home/bin/medficientsam" install segment > "$work/install.log" 2>&1; done

input=${CASE:-src/samples/2D_sample_lesion.npz}
plain=("$home/lib/segment/medficientsam-segmenter.jar" segment "$input" -q -o "$work/segs.npz")
names=()
declare -A command
variant() { names+=("$1"); command[$1]=$2; }
variant "runner jar of the baseline, 17" "$JAVA17/bin/java -jar $baseline segment $input -q -o $work/segs.npz --models ${BASELINE_BUNDLES:-models/bundles}"
for version in 17 25; do
  java=JAVA$version
  variant "segmenter's jar, $version" "${!java}/bin/java -jar ${plain[*]}"
  variant "the same, C1 and serial collector, $version" "${!java}/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar ${plain[*]}"
  variant "bin/medficientsam, $version" "env JAVA_HOME=${!java} $home/bin/medficientsam segment $input -q -o $work/segs.npz"
done
variant "bin/medficientsam segment --help, 17" "env JAVA_HOME=$JAVA17 $home/bin/medficientsam segment --help"
variant "java -version, 17" "$JAVA17/bin/java -Xshare:auto -version"

for cpus in 0,1 0; do
  for ((round = 1; round <= n; round++)); do
    for name in "${names[@]}"; do
      # shellcheck disable=SC2086
      /usr/bin/time -a -o "$work/$cpus ${name//\//_}.t" -f '%e %U %S %M' taskset -c "$cpus" ${command[$name]} > "$work/log" 2>&1 ||
        { cat "$work/log" >&2; exit 1; }
    done
  done
done

median() { cut -d' ' -f"$2" "$1" | sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
cpu() { awk '{print $2 + $3}' "$1" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
for cpus in 0,1 0; do
  echo
  echo "| $([ "$cpus" = 0 ] && echo "one processor" || echo "two processors") | s | least | ratio | CPU s | peak RSS, MiB |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: |"
  base=$(median "$work/$cpus ${names[0]//\//_}.t" 1)
  for name in "${names[@]}"; do
    file="$work/$cpus ${name//\//_}.t"
    awk -v name="$name" -v m="$(median "$file" 1)" -v least="$(sort -n "$file" | head -1 | cut -d' ' -f1)" -v base="$base" \
      -v cpu="$(cpu "$file")" -v rss="$(median "$file" 4)" \
      'BEGIN {printf "| %s | %.2f | %.2f | %.2f | %.2f | %d |\n", name, m, least, m / base, cpu, rss / 1024}'
  done
done
