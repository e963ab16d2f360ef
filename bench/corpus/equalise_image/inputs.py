import random


def _image(rng, w, h, low, high):
    return [[rng.randint(low, high) for _ in range(w)] for _ in range(h)]


def make(seed):
    rng = random.Random(seed)
    cases = [[[]], [[[7]]], [[[9, 9], [9, 9]]], [[[0, 255], [255, 0]]]]
    for w, h, low, high in [(12, 9, 20, 90), (20, 14, 0, 255), (24, 12, 100, 130), (10, 20, 200, 255), (22, 11, 60, 200), (16, 16, 0, 40), (18, 14, 30, 31), (20, 12, 0, 254)]:
        cases.append([_image(rng, w, h, low, high)])
    return cases
