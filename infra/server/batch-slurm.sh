#!/bin/sh
# A folder of cases as a Slurm array: sbatch --array=1-8 infra/server/batch-slurm.sh CASES OUT
# A task that was killed goes on where it was when it is submitted again.
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --requeue
exec medficientsam segment "$1" -o "$2" --resume --quiet --jobs "${SLURM_CPUS_PER_TASK:-2}" \
  --shard "${SLURM_ARRAY_TASK_ID:-1}/${SLURM_ARRAY_TASK_COUNT:-1}"
