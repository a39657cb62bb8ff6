// A cuBLAS of version FAKE_CUBLAS_MAJOR.1 that multiplies nothing, for tests of which one the library takes. Its functions have the names
// that those of the simulated cuBLAS have.
#define FAKE extern "C" __attribute__((visibility("default"))) int

namespace {
int handle = 0;
}

FAKE cublasCreate(void** made) {
  *made = &handle;
  return 0;
}
FAKE cublasDestroy(void*) { return 0; }
FAKE cublasSetStream(void*, void*) { return 0; }
FAKE cublasGetStream(void*, void** stream) {
  *stream = nullptr;
  return 0;
}
FAKE cublasSetWorkspace(void*, void*, unsigned long) { return 0; }
FAKE cublasSetPointerMode(void*, int) { return 0; }
FAKE cublasGetPointerMode(void*, int* mode) { return *mode = 0; }
FAKE cublasSetMathMode(void*, int) { return 0; }
FAKE cublasGetMathMode(void*, int* mode) { return *mode = 0; }
FAKE cublasSetAtomicsMode(void*, int) { return 0; }
FAKE cublasGetAtomicsMode(void*, int* mode) { return *mode = 0; }
FAKE cublasGetProperty(int type, int* value) {
  *value = type == 0 ? FAKE_CUBLAS_MAJOR : type == 1 ? 1 : 0;
  return 0;
}
FAKE cublasGetVersion(void*, int* version) {
  *version = FAKE_CUBLAS_MAJOR * 10000 + 100;
  return 0;
}
FAKE cublasSgemmStridedBatched() { return 0; }
FAKE cublasDgemmStridedBatched() { return 0; }
