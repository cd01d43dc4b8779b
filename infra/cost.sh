#!/usr/bin/env bash
# Reprints the tables of COST.md: the fastest of N warm invocations of the zip per vCPU count, and what 1,000 of them cost by
# the published formula. Needs what mvn verify leaves in src/function/target.
#   JAVA25=... infra/cost.sh N [BUNDLE FOLDER] [CASE.npz]
set -euo pipefail
cd "$(dirname "$0")/.."
: "${JAVA25:?a JDK 25}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r src/function/target/function "$work/zip"
if [ -n "${2:-}" ]; then
  rm -rf "$work"/zip/models/bundles/*
  cp -r "$2" "$work/zip/models/bundles/"
  export MEDFICIENTSAM_BUNDLE=$(basename "$2")
fi
[ -z "${3:-}" ] || export CASE=$3
export QUARKUS_FUNQY_EXPORT=segment LAMBDA_TASK_ROOT=$work/zip MEDFICIENTSAM_BUNDLES=$work/zip/models/bundles
export _HANDLER=org.medficientsam.function.lambda.SegmentHandler::handleRequest
path="$work/zip:$(ls "$work"/zip/lib/*.jar src/function/target/lambda-runtime/*.jar | paste -sd:)"
"$JAVA25/bin/javac" -d "$work/run" infra/LambdaDriver.java

echo "| memory MB | vCPU | s per case | per 1,000 cases, x86 | per 1,000 cases, arm |"
echo "| ---: | ---: | ---: | ---: | ---: |"
for vcpus in 1 2; do
  [ "$vcpus" -le "$(nproc)" ] || continue
  seconds=$(MEDFICIENTSAM_THREADS=$vcpus taskset -c "0-$((vcpus - 1))" "$JAVA25/bin/java" -cp "$work/run" LambdaDriver "$1" \
    "$JAVA25/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --add-opens java.base/java.lang=ALL-UNNAMED -XX:ActiveProcessorCount="$vcpus" -cp "$path" \
    com.amazonaws.services.lambda.runtime.api.client.AWSLambda "$_HANDLER" 2> "$work/err.log" | cut -d' ' -f3)
  # 1769 MB is a vCPU. USD per GB-second and per request: aws.amazon.com/lambda/pricing, us-east-1, first tier.
  awk -v v="$vcpus" -v s="$seconds" 'BEGIN {
    mb = 1769 * v; gbs = mb / 1024 * s
    printf "| %d | %d | %.3f | %.4f USD | %.4f USD |\n", mb, v, s, 1000 * (gbs * 0.0000166667 + 0.0000002), 1000 * (gbs * 0.0000133334 + 0.0000002)
  }'
done
