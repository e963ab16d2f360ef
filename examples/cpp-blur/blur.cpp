#include "blur.hpp"

#include <algorithm>

// EVOLVE-BLOCK-START blur
namespace {

// The columns are blurred in strips of this width, so that what is in use stays in the cache.
constexpr int kStrip = 4;  // sigil: knob 4 1..512

void blur_rows(const Image& in, Image& out, int radius) {
  const double share = 1.0 / (2 * radius + 1);
  for (int y = 0; y < in.height; y++) {
    const float* from = &in.pixels[static_cast<std::size_t>(y) * in.width];
    float* to = &out.pixels[static_cast<std::size_t>(y) * in.width];
    double sum = 0;
    for (int k = -radius; k <= radius; k++) sum += from[std::clamp(k, 0, in.width - 1)];
    for (int x = 0; x < in.width; x++) {
      to[x] = static_cast<float>(sum * share);
      sum += from[std::min(x + radius + 1, in.width - 1)];
      sum -= from[std::max(x - radius, 0)];
    }
  }
}

void blur_columns(const Image& in, Image& out, int radius) {
  const double share = 1.0 / (2 * radius + 1);
  for (int left = 0; left < in.width; left += kStrip) {
    const int width = std::min(kStrip, in.width - left);
    std::vector<double> sums(width, 0.0);
    for (int k = -radius; k <= radius; k++) {
      const float* row = &in.pixels[static_cast<std::size_t>(std::clamp(k, 0, in.height - 1)) * in.width + left];
      for (int x = 0; x < width; x++) sums[x] += row[x];
    }
    for (int y = 0; y < in.height; y++) {
      float* to = &out.pixels[static_cast<std::size_t>(y) * in.width + left];
      const float* next = &in.pixels[static_cast<std::size_t>(std::min(y + radius + 1, in.height - 1)) * in.width + left];
      const float* last = &in.pixels[static_cast<std::size_t>(std::max(y - radius, 0)) * in.width + left];
      for (int x = 0; x < width; x++) {
        to[x] = static_cast<float>(sums[x] * share);
        sums[x] += next[x];
        sums[x] -= last[x];
      }
    }
  }
}

}  // namespace

Image box_blur(const Image& in, int radius) {
  Image rows(in.width, in.height);
  Image out(in.width, in.height);
  if (in.width == 0 || in.height == 0) return out;
  blur_rows(in, rows, radius);
  blur_columns(rows, out, radius);
  return out;
}
// EVOLVE-BLOCK-END
