// Pictures to blur, the same for the same seed.
#pragma once
#include <cstdint>

#include "blur.hpp"

inline Image picture(int width, int height, std::uint32_t seed) {
  Image image(width, height);
  std::uint32_t state = seed;
  for (float& pixel : image.pixels) {
    state = state * 1664525u + 1013904223u;
    pixel = static_cast<float>(state >> 8) / 16777216.0f;
  }
  return image;
}
