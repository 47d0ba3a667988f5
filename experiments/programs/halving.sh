#!/bin/sh
# A shell script as a program: it halves an error once per epoch. Its checkpoint is one file.
for argument in "$@"; do
    case $argument in
        --start=*) error=${argument#--start=} ;;
        --rate=*) rate=${argument#--rate=} ;;
    esac
done
[ "$SWEEP_EPOCH" -eq 0 ] || read -r error < "$SWEEP_CHECKPOINT/error"
epoch=$SWEEP_EPOCH
while [ "$epoch" -lt "${SWEEP_UNTIL:-8}" ]; do
    epoch=$((epoch + 1))
    error=$((error * (100 - rate) / 100))
    # Without its epoch the checkpoint does not count: one that is cut off by the end of the script is not used.
    rm -f "$SWEEP_CHECKPOINT/epoch"
    echo "$error" > "$SWEEP_CHECKPOINT/error"
    echo "$epoch" > "$SWEEP_CHECKPOINT/epoch.new" && mv "$SWEEP_CHECKPOINT/epoch.new" "$SWEEP_CHECKPOINT/epoch"
    echo "@sweep {\"epoch\": $epoch, \"error\": $error}"
done
