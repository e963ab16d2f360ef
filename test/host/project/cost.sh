# prints how far the parameters are from the best ones
value() { sed -n "s/^$1 = \([0-9]*\).*/\1/p" params.cfg; }
w=$(value width) d=$(value depth) r=$(value ratio)
echo "cost: $(( (w-40)*(w-40) + (d-9)*(d-9) + (r-50)*(r-50) ))"
