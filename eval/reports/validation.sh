#!/bin/sh
# Makes the report in validation/ anew, from the repository's root, after `mvn package -DskipTests`:
#
#   eval/reports/validation.sh accuracy    served runs: small-int8, micro-int8, litemedsam, and micro-int8 by the published rule
#   eval/reports/validation.sh cold        a process per case, for times and memory: small-int8, micro-int8, litemedsam, one after the other
#   eval/reports/validation.sh report      the report on these runs, and what is kept of them in validation/runs
#
# Each goes on where it was stopped, and starts anew where a bundle, the cases or a setting has changed. `cold` wants an idle machine.
#
#   LITEMEDSAM  its bundle's folder (default models/bundles/litemedsam; models/README.md: one command); left out where there is none
#   DATA        folder of cases (default ../shared/data/validation)
#   WORK        folder of the runs (default out/validation)
#   KEPT        where the report goes (default eval/reports/validation)
#   EVERY       `cold` takes each EVERYth image and all volumes (default 3)
set -eu
DATA=${DATA:-../shared/data/validation} WORK=${WORK:-out/validation} EVERY=${EVERY:-3} LITEMEDSAM=${LITEMEDSAM:-models/bundles/litemedsam}
KEPT=${KEPT:-eval/reports/validation} FUNCTION=src/function/target/medficientsam-function-runner.jar
# Cases of one patient or volume: sarcoma patients in CT, MR and PET, slices of one kidney, liver, pancreas or heart, tiles of one
# slide of tissue, frames of one carotid artery.
PATIENT='(IBSIval_STS_\d+|(KiTS19|LiverTumor3D|CURVAS|HVSMR2)_\d+|MoNuSAC_TCGA-[\w-]+DX\d|CCAUS_\d+VAS)'

# One folder of bundles, so that LiteMedSAM's need not lie among those of the repository.
mkdir -p "$WORK/bundles"
for bundle in models/bundles/* "$LITEMEDSAM"; do
  if [ -f "$bundle/manifest.yaml" ]; then ln -sfn "$(realpath "$bundle")" "$WORK/bundles/$(basename "$bundle")"; fi
done
MEDFICIENTSAM_BUNDLES=$(realpath "$WORK/bundles")
export MEDFICIENTSAM_BUNDLES

harness() { java -jar eval/target/medficientsam-eval.jar "$@"; }
here() { [ -f "$WORK/bundles/$1/manifest.yaml" ]; }

# replay FOLDER NAME MODEL CASES KIND [OPTION...]: starts anew only where the folder holds another run (status 2)
replay() {
  folder=$1 name=$2 model=$3 cases=$4 kind=$5; shift 5
  set -- --dataset "path:$cases" --target "$kind:$FUNCTION" --model "$model" --name "$name" --group "$PATIENT" --out "$folder" "$@"
  status=0
  harness run "$@" || status=$?
  if [ $status = 2 ]; then harness run "$@" --fresh; fi
}

accuracy() {
  replay "$WORK/small" small-int8 small-int8 "$DATA" warm
  replay "$WORK/micro" micro-int8 micro-int8 "$DATA" warm
  if here litemedsam; then replay "$WORK/litemedsam" LiteMedSAM litemedsam "$DATA" warm --timeout 3600; fi
  replay "$WORK/published" 'micro-int8, published rule' micro-int8 "$DATA" warm --rules medficientsam
}

cold() {
  mkdir -p "$WORK/cases"
  find "$DATA" -name '2D*.npz' | sort | awk "NR % $EVERY == 0" | xargs cp -u -t "$WORK/cases"
  find "$DATA" -name '3D*.npz' -exec cp -u -t "$WORK/cases" {} +
  for model in small-int8 micro-int8 litemedsam; do
    if here $model; then replay "$WORK/cold-$model" "$model" $model "$WORK/cases" cold; fi
  done
}

report() {
  runs= times=
  for run in small micro litemedsam published; do
    if [ -f "$WORK/$run/scores.csv" ]; then runs="$runs $WORK/$run"; fi
  done
  for run in "$WORK"/cold-*; do
    if [ -f "$run/scores.csv" ]; then times="$times --times=$run"; fi
  done
  harness report $runs $times --no-pictures --out "$KEPT"
  rm -rf "$KEPT/runs"
  for run in $runs $times; do
    run=${run#--times=}
    mkdir -p "$KEPT/runs/$(basename "$run")"
    cp "$run/run.json" "$run/cases.csv" "$run/scores.csv" "$KEPT/runs/$(basename "$run")"
  done
}

for step in "$@"; do
  case $step in
    accuracy | cold | report) $step ;;
    *) echo "usage: $0 accuracy|cold|report ..., got '$step'" >&2; exit 2 ;;
  esac
done
