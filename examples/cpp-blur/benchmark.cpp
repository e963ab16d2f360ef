// benchmark [width height radius]: prints the least CPU time of a blur, and a checksum so that no compiler leaves the work out.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "blur.hpp"
#include "picture.hpp"

static double cpu_ms() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char** argv) {
  const int width = argc > 3 ? std::atoi(argv[1]) : 800;
  const int height = argc > 3 ? std::atoi(argv[2]) : 600;
  const int radius = argc > 3 ? std::atoi(argv[3]) : 9;
  const Image in = picture(width, height, 1);
  double best = 1e300;
  double check = 0;
  for (int i = 0; i < 9; i++) {
    const double begin = cpu_ms();
    const Image out = box_blur(in, radius);
    best = std::min(best, cpu_ms() - begin);
    check += out.pixels[static_cast<std::size_t>(i) * width + i];
  }
  std::printf("checksum %.6f\n", check);
  std::printf("time_ms: %.4f\n", best);
  return 0;
}
