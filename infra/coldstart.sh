#!/usr/bin/env bash
# Reprints the table of COLDSTART.md: seconds from the start of the process to the first 2D answer, median of N (9), per JVM and
# layout. Needs what mvn verify leaves in src/function/target. Every variant is measured in turn, round by round, so that a
# machine's slow minute falls on all of them.
#   JAVA17=... JAVA25=... infra/coldstart.sh [N] [BUNDLE FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
n=${1:-9}
: "${JAVA17:?a JDK 17}" "${JAVA25:?a JDK 25}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r src/function/target/function "$work/zip"
mkdir -p "$work/zip/runtime"
cp src/function/target/lambda-runtime/*.jar "$work/zip/runtime/"
if [ -n "${2:-}" ]; then
  rm -rf "$work"/zip/models/bundles/*
  cp -r "$2" "$work/zip/models/bundles/"
  export MEDFICIENTSAM_BUNDLE=$(basename "$2")
fi
export QUARKUS_FUNQY_EXPORT=segment
handler=org.medficientsam.function.lambda.SegmentHandler::handleRequest
plain=io.quarkus.funqy.lambda.FunqyStreamHandler::handleRequest
primed="env AWS_LAMBDA_INITIALIZATION_TYPE=provisioned-concurrency"
client=com.amazonaws.services.lambda.runtime.api.client.AWSLambda
serial="-XX:+UseSerialGC --add-opens java.base/java.lang=ALL-UNNAMED"
c1="-XX:TieredStopAtLevel=1"

cp infra/LambdaDriver.java "$work/zip/"
"$JAVA25/bin/javac" --release 17 -d "$work/run" infra/LambdaDriver.java
JAVA_HOME=$JAVA25 bash infra/image.sh "$work/zip" "$work/image" > "$work/image.log"
zip_path="$work/zip:$(ls "$work"/zip/lib/*.jar "$work"/zip/runtime/*.jar | paste -sd:)"
jar_path=$(ls "$work"/image/lib/*.jar | paste -sd:)
rm -f "$work/zip/LambdaDriver.java"

once() { # task root, command...: seconds from the start, and from the event, to the first answer
  LAMBDA_TASK_ROOT=$1 MEDFICIENTSAM_BUNDLES=$1/models/bundles _HANDLER=${*: -1} "$JAVA25/bin/java" -cp "$work/run" LambdaDriver 1 "${@:2}" 2>> "$work/err.log" | cut -d' ' -f1,2
}
# The archives: JDK 17's AppCDS with and without C1, JDK 25's AOT cache likewise.
once "$work/image" "$JAVA17/bin/java" $serial -XX:ArchiveClassesAtExit="$work/17.jsa" -cp "$jar_path" $client $handler > /dev/null
once "$work/image" "$JAVA25/bin/java" $serial -XX:AOTCacheOutput="$work/25.aot" -cp "$jar_path" $client $handler > /dev/null

names=()
declare -A command task
variant() { names+=("$1"); task[$1]=$2; command[$1]="$3 $client ${4:-$handler}"; }
variant "zip, JDK 17"                    "$work/zip"   "$JAVA17/bin/java $serial -cp $zip_path"
variant "zip, JDK 17, C1"                "$work/zip"   "$JAVA17/bin/java $serial $c1 -cp $zip_path"
variant "zip, JDK 25"                    "$work/zip"   "$JAVA25/bin/java $serial -cp $zip_path"
variant "zip, JDK 25, C1"                "$work/zip"   "$JAVA25/bin/java $serial $c1 -cp $zip_path"
variant "zip, JDK 25, C1, primed"        "$work/zip"   "$primed $JAVA25/bin/java $serial $c1 -cp $zip_path"
variant "zip, JDK 25, C1, Quarkus' handler" "$work/zip" "$JAVA25/bin/java $serial $c1 -cp $zip_path" $plain
variant "image, JDK 17, AppCDS"          "$work/image" "$JAVA17/bin/java $serial -XX:SharedArchiveFile=$work/17.jsa -cp $jar_path"
variant "image, JDK 17, AppCDS, C1"      "$work/image" "$JAVA17/bin/java $serial $c1 -XX:SharedArchiveFile=$work/17.jsa -cp $jar_path"
variant "image, JDK 25, C1"              "$work/image" "$JAVA25/bin/java $serial $c1 -cp $jar_path"
variant "image, JDK 25, AOT cache"       "$work/image" "$JAVA25/bin/java $serial -XX:AOTCache=$work/25.aot -cp $jar_path"
variant "image, JDK 25, AOT cache, C1"   "$work/image" "$JAVA25/bin/java $serial $c1 -XX:AOTCache=$work/image/function.aot -cp $jar_path"
variant "image, JDK 25, AOT cache, C1, primed" "$work/image" "$primed $JAVA25/bin/java $serial $c1 -XX:AOTCache=$work/image/function.aot -cp $jar_path"

for ((round = 1; round <= n; round++)); do
  for name in "${names[@]}"; do
    once "${task[$name]}" ${command[$name]} >> "$work/$name.s"
    printf '\r%s/%s %-40s' "$round" "$n" "$name" >&2
  done
done
echo >&2

median() { # file, column
  cut -d' ' -f"$2" "$1" | sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}
base=$(median "$work/zip, JDK 17.s" 1)
echo "| variant | start to first answer, s | least | ratio | event to first answer, s |"
echo "| --- | ---: | ---: | ---: | ---: |"
for name in "${names[@]}"; do
  awk -v name="$name" -v m="$(median "$work/$name.s" 1)" -v least="$(sort -n "$work/$name.s" | head -1)" -v base="$base" \
    -v event="$(median "$work/$name.s" 2)" \
    'BEGIN {printf "| %s | %.2f | %.2f | %.2f | %.2f |\n", name, m, least, m / base, event}'
done
