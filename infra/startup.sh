#!/usr/bin/env bash
# Reprints the table of distribution/README.md: one cold 2D case by the command line, per bundle, JVM, way of starting and number
# of processors; medians of N (9), every variant in turn so that a machine's slow minute falls on all of them.
#   JAVA17=... JAVA25=... infra/startup.sh [N] [BASELINE RUNNER JAR]
# Needs what mvn package leaves in infra/distribution/target. The baseline is a runner jar of an earlier commit, with its own bundles
# in BASELINE_BUNDLES; without one it is the runner jar of this commit. Ratios are to it, of seconds and of processor time; those to the segmenter's plain jar are
# printed below.
set -euo pipefail
cd "$(dirname "$0")/.."
n=${1:-9}
: "${JAVA17:?a JDK 17}" "${JAVA25:?a JDK 25}"
baseline=${2:-src/function/target/medficientsam-function-runner.jar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xzf "$(ls infra/distribution/target/*-linux-x64.tar.gz | tail -1)" -C "$work"
home=$(ls -d "$work"/medficientsam-*)
bundles=${BUNDLES:-small-int8 micro-int8}
for bundle in $bundles; do [ -d "$home/models/bundles/$bundle" ] || cp -r "models/bundles/$bundle" "$home/models/bundles/"; done
for java in "$JAVA17" "$JAVA25"; do JAVA_HOME=$java "$home/bin/medficientsam" install segment > "$work/install.log" 2>&1; done

input=${CASE:-src/samples/2D_sample_lesion.npz}
names=()
declare -A command base
variant() { names+=("$1"); command[$1]=$2; base[$1]=$3; }
for bundle in $bundles; do
  arguments="segment $input -q --model $bundle -o $work/segs.npz"
  first="$bundle: runner jar of the baseline, 17"
  variant "$first" "$JAVA17/bin/java -jar $baseline $arguments --models ${BASELINE_BUNDLES:-models/bundles}" "$first"
  for version in 17 25; do
    java=JAVA$version
    jar="-jar $home/lib/segment/medficientsam-segmenter.jar $arguments"
    variant "$bundle: segmenter's jar, $version" "${!java}/bin/java $jar" "$first"
    variant "$bundle: the same, C1 and serial collector, $version" "${!java}/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 $jar" "$first"
    variant "$bundle: bin/medficientsam, $version" "env JAVA_HOME=${!java} $home/bin/medficientsam $arguments" "$first"
  done
done
variant "bin/medficientsam segment --help, 17" "env JAVA_HOME=$JAVA17 $home/bin/medficientsam segment --help" "$first"
variant "java -version, 17" "$JAVA17/bin/java -Xshare:auto -version" "$first"

times() { echo "$work/$1 ${2//\//_}.t"; } # processors, variant
for cpus in 0,1 0; do
  for ((round = 1; round <= n; round++)); do
    for name in "${names[@]}"; do
      # shellcheck disable=SC2086
      /usr/bin/time -a -o "$(times "$cpus" "$name")" -f '%e %U %S %M' taskset -c "$cpus" ${command[$name]} > "$work/log" 2>&1 ||
        { cat "$work/log" >&2; exit 1; }
    done
  done
done

median() { cut -d' ' -f"$2" "$1" | sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
cpu() { awk '{print $2 + $3}' "$1" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }
echo "$n runs, $(nproc) processors ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), load when they ended: $(cut -d' ' -f1-3 /proc/loadavg)"
for cpus in 0,1 0; do
  echo
  echo "| $([ "$cpus" = 0 ] && echo "one processor" || echo "two processors") | s | least | ratio | CPU s | CPU ratio | peak RSS, MiB |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
  for name in "${names[@]}"; do
    file=$(times "$cpus" "$name") first=$(times "$cpus" "${base[$name]}")
    printf '| %s | %.2f | %.2f | %s | %.2f | %s | %d |\n' "$name" "$(median "$file" 1)" "$(sort -n "$file" | head -1 | cut -d' ' -f1)" \
      "$(ratio "$(median "$file" 1)" "$(median "$first" 1)")" "$(cpu "$file")" "$(ratio "$(cpu "$file")" "$(cpu "$first")")" \
      "$(($(median "$file" 4 | cut -d. -f1) / 1024))"
  done
  echo
  for bundle in $bundles; do
    for version in 17 25; do
      plain=$(times "$cpus" "$bundle: segmenter's jar, $version") ours=$(times "$cpus" "$bundle: bin/medficientsam, $version")
      echo "$bundle, $version: the launcher takes $(ratio "$(median "$ours" 1)" "$(median "$plain" 1)") of the plain jar's seconds," \
        "$(ratio "$(cpu "$ours")" "$(cpu "$plain")") of its processor time"
    done
  done
done
