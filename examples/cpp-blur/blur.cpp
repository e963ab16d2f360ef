#include "blur.hpp"

#include <algorithm>

// EVOLVE-BLOCK-START blur
namespace {

// The picture is blurred in bands of so many rows, so that what is in use stays in the cache.
constexpr int kBand = 8;  // sigil: knob 8 1..256

// The mean of 2 · radius + 1 neighbours along one row.
void blur_row(const float* from, float* to, int width, int radius) {
  const double share = 1.0 / (2 * radius + 1);
  double sum = 0;
  for (int k = -radius; k <= radius; k++) sum += from[std::clamp(k, 0, width - 1)];
  for (int x = 0; x < width; x++) {
    to[x] = static_cast<float>(sum * share);
    sum += from[std::min(x + radius + 1, width - 1)];
    sum -= from[std::max(x - radius, 0)];
  }
}

}  // namespace

Image box_blur(const Image& in, int radius) {
  Image out(in.width, in.height);
  if (in.width == 0) return out;
  const std::size_t width = in.width;
  const double share = 1.0 / (2 * radius + 1);
  std::vector<float> band((kBand + 2 * radius) * width);  // rows that are blurred along themselves
  std::vector<double> sums(width);

  for (int top = 0; top < in.height; top += kBand) {
    const int rows = std::min(kBand, in.height - top);
    for (int i = 0; i < rows + 2 * radius; i++) {
      const int y = std::clamp(top + i - radius, 0, in.height - 1);
      blur_row(&in.pixels[y * width], &band[i * width], in.width, radius);
    }

    std::fill(sums.begin(), sums.end(), 0.0);
    for (int i = 0; i <= 2 * radius; i++)
      for (std::size_t x = 0; x < width; x++) sums[x] += band[i * width + x];
    for (int i = 0; i < rows; i++) {
      float* to = &out.pixels[(top + i) * width];
      for (std::size_t x = 0; x < width; x++) to[x] = static_cast<float>(sums[x] * share);
      if (i + 1 == rows) break;
      const float* next = &band[(i + 2 * radius + 1) * width];
      const float* last = &band[i * width];
      for (std::size_t x = 0; x < width; x++) sums[x] += next[x] - last[x];
    }
  }
  return out;
}
// EVOLVE-BLOCK-END
