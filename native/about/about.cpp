// Says what the library that was just built contains, by asking it: its version, its executors, how the host multiplies matrices.
#include <cstdio>

#include "hypergrad/hypergrad.h"

int main() {
  hg_handle host = 0;
  const char* products = nullptr;
  if (hg_context_create_host(&host) != HG_OK || hg_context_products(host, &products) != HG_OK) {
    std::fprintf(stderr, "%s\n", hg_last_error());
    return 1;
  }
  std::printf("version %s, %s CUDA; products on the host by %s\n", hg_version(), hg_has_cuda() != 0 ? "with" : "without", products);
  return hg_destroy(host) == HG_OK ? 0 : 1;
}
