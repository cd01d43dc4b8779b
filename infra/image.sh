#!/usr/bin/env bash
# Lays an unzipped function.zip (with the runtime client's jars under runtime/) out as the container image has it, jars only,
# and records an AOT cache by one invocation. The Dockerfile's only step; runs without Docker too:
#   infra/image.sh STAGING TASK_ROOT        (JAVA_HOME: JDK 25 or newer)
set -euo pipefail
staging=$1
mkdir -p "$2"
task=$(cd "$2" && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar

mkdir -p "$task/lib"
cp -r "$staging/native" "$staging/models" "$task/"
cp "$staging"/lib/*.jar "$staging"/runtime/*.jar "$task/lib/"
# What lies loose in the zip becomes a jar: archives accept no folders on the class path.
loose=$(mktemp -d)
cp -r "$staging"/. "$loose"
rm -rf "$loose/lib" "$loose/runtime" "$loose/native" "$loose/models" "$loose/image.sh" "$loose/LambdaDriver.java"
"$jar" --create --file "$task/lib/0-function.jar" -C "$loose" .
rm -rf "$loose"

# In the order of the zip's layout, the function first; the cache holds for this very string alone.
class_path=$(ls "$task"/lib/*.jar | paste -sd:)
cat > "$task/run.sh" <<RUN
#!/usr/bin/env bash
export LAMBDA_TASK_ROOT=\${LAMBDA_TASK_ROOT:-$task}
cd "\$LAMBDA_TASK_ROOT"
exec ${java} -XX:MaxRAMPercentage=60 -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --add-opens java.base/java.lang=ALL-UNNAMED \${AOT:--XX:AOTCache=$task/function.aot} \\
  -cp $class_path com.amazonaws.services.lambda.runtime.api.client.AWSLambda \\
  \${_HANDLER:-org.medficientsam.function.lambda.SegmentHandler::handleRequest}
RUN
chmod +x "$task/run.sh"

AOT="-XX:AOTCacheOutput=$task/function.aot" "$java" "$staging/LambdaDriver.java" 1 bash "$task/run.sh"
test -s "$task/function.aot"
