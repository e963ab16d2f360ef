// Compares box_blur with the definition, pixel by pixel, on small pictures of awkward sizes. Exit code 1 when one is wrong.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "blur.hpp"
#include "picture.hpp"

static double mean_around(const Image& in, int x, int y, int radius) {
  double sum = 0;
  for (int dy = -radius; dy <= radius; dy++)
    for (int dx = -radius; dx <= radius; dx++)
      sum += in.pixels[std::clamp(y + dy, 0, in.height - 1) * in.width + std::clamp(x + dx, 0, in.width - 1)];
  return sum / ((2.0 * radius + 1) * (2.0 * radius + 1));
}

int main() {
  const double tolerance = 1e-5;
  const int sizes[][3] = {{0, 0, 1}, {0, 3, 1}, {1, 1, 3}, {1, 40, 2}, {40, 1, 2}, {7, 5, 0}, {33, 17, 4}, {130, 70, 9}, {601, 19, 3}, {64, 64, 40}};
  for (const auto& [width, height, radius] : sizes) {
    const Image in = picture(width, height, 7u * width + height);
    const Image out = box_blur(in, radius);
    if (out.width != width || out.height != height || out.pixels.size() != in.pixels.size()) {
      std::printf("%d × %d, radius %d: the result has another size\n", width, height, radius);
      return 1;
    }
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++) {
        const double want = mean_around(in, x, y, radius);
        const double got = out.pixels[y * width + x];
        if (!(std::fabs(got - want) <= tolerance)) {
          std::printf("%d × %d, radius %d: pixel (%d, %d) is %.7f, not %.7f\n", width, height, radius, x, y, got, want);
          return 1;
        }
      }
  }
  std::printf("all pictures are right to %g\n", tolerance);
  return 0;
}
