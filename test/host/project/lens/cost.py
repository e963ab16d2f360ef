from work import area

print("cost: %d" % area())
