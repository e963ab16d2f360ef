d=$(sed -n 's/^depth = \([0-9]*\).*/\1/p' params.cfg)
[ $((d % 4)) -ne 0 ] || { echo "depth $d is a multiple of 4"; exit 1; }
