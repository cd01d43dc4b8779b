#!/usr/bin/env bash
# What each part of Quarkus takes of a Lambda's cold start: each step of the start, from the loading of its class to that of the next
# one's, summed by extension, and the classes loaded by whose they are. Medians of N (5) starts of the exploded zip under AWS' runtime interface client, C1, JDK 25.
#   JAVA25=... infra/extensions.sh [N]      (needs what mvn verify leaves in src/function/target)
set -euo pipefail
cd "$(dirname "$0")/.."
n=${1:-5}
: "${JAVA25:?a JDK 25}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
task=${TASK:-src/function/target/function}
runtime=${RUNTIME:-src/function/target/lambda-runtime}
path="$task:$(ls "$task"/lib/*.jar "$runtime"/*.jar | paste -sd:)"
handler=org.medficientsam.function.lambda.SegmentHandler::handleRequest
"$JAVA25/bin/javac" --release 17 -d "$work" infra/LambdaDriver.java
for ((run = 1; run <= n; run++)); do
  LAMBDA_TASK_ROOT=$task MEDFICIENTSAM_BUNDLES=$task/models/bundles QUARKUS_FUNQY_EXPORT=segment _HANDLER=$handler \
    "$JAVA25/bin/java" -cp "$work" LambdaDriver 1 "$JAVA25/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    --add-opens java.base/java.lang=ALL-UNNAMED -Xlog:class+load:file="$work/$run.log":uptime \
    -cp "$path" com.amazonaws.services.lambda.runtime.api.client.AWSLambda $handler > /dev/null 2>> "$work/err.log" ||
    { tail "$work/err.log" >&2; exit 1; }
  # Steps run one after the other in the main thread; what other threads load meanwhile falls into them, too.
  awk '{gsub(/[][s]/, "", $1); now = $1 * 1000; step = ""}
    $2 == "com.amazonaws.services.lambda.runtime.api.client.AWSLambda" {step = "runtime-interface-client"}
    $2 == "io.quarkus.runner.ApplicationImpl" {step = "application-and-configuration"}
    $2 ~ /^io\.quarkus\.runner\.recorded\./ {step = $2; sub(/.*\./, "", step); sub(/\$.*/, "", step)}
    $2 == "org.medficientsam.function.lambda.InvocationContext" {step = "first-event"}
    step != "" {if (last != "") took[last] += now - since; last = step; since = now}
    END {took[last] += now - since; took["all"] = now; for (step in took) print step, took[step]}' "$work/$run.log" > "$work/$run.steps"
done
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
echo "load when they ended: $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "| step | ms |"
echo "| --- | ---: |"
cut -d' ' -f1 "$work/1.steps" | sort -u | while read -r step; do
  echo "$(awk -v step="$step" '$1 == step {print $2}' "$work"/*.steps | median) $step"
done | sort -rn | awk '$1 >= 10 {printf "| %s | %.0f |\n", $2, $1; next} {rest += $1; count++} END {printf "| the %d others | %.0f |\n", count, rest}'
echo
echo "| classes of | number |"
echo "| --- | ---: |"
awk '$2 !~ /^(java|jdk|sun|com\.sun)\./ {
  name = $2
  if (match(name, /^(io\.quarkus\.deployment\.steps|io\.quarkus\.[a-z]+|io\.vertx|io\.netty|io\.smallrye\.[a-z]+|io\.micrometer|org\.jboss\.[a-z]+|software\.amazon|com\.fasterxml|org\.medficientsam|ai\.onnxruntime)/))
    name = substr(name, 1, RLENGTH)
  else { split(name, part, "."); name = part[1] "." part[2] }
  count[name]++}
  END {for (name in count) if (count[name] >= 40) print count[name], name; else rest += count[name]; print rest, "others"}' "$work/1.log" |
  sort -rn | awk '{printf "| %s | %d |\n", $2, $1}'
echo "| the JDK | $(awk '$2 ~ /^(java|jdk|sun|com\.sun)\./' "$work/1.log" | wc -l) |"
