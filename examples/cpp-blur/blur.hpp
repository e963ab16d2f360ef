// Box blur of greyscale pictures.
#pragma once
#include <cstddef>
#include <vector>

struct Image {
  int width = 0;
  int height = 0;
  std::vector<float> pixels;  // row by row

  Image(int w, int h) : width(w), height(h), pixels(static_cast<std::size_t>(w) * h, 0.0f) {}
};

// Each pixel becomes the mean of the (2 · radius + 1)² pixels around it; beyond the border the border's pixels are repeated.
Image box_blur(const Image& in, int radius);
