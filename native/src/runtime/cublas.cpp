#include "runtime/cublas.h"

#include <cstdlib>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include "runtime/error.h"

// The name of a function, which the header may say is another one's.
#define HG_TEXT_OF(text) #text
#define HG_NAME_OF(function) HG_TEXT_OF(function)

namespace hypergrad {

namespace {

struct Found {
  Cublas calls{};
  std::string trouble;
};

#if defined(_WIN32)

constexpr const char* usual_name = "cublas64_" HG_NAME_OF(CUBLAS_VER_MAJOR) ".dll";

void* open_library(const char* name, std::string& trouble) {
  void* library = reinterpret_cast<void*>(LoadLibraryA(name));
  if (library == nullptr) trouble = "error " + std::to_string(GetLastError());
  return library;
}

void* find_function(void* library, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
}

#else

constexpr const char* usual_name = "libcublas.so." HG_NAME_OF(CUBLAS_VER_MAJOR);

void* open_library(const char* name, std::string& trouble) {
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) trouble = dlerror();
  return library;
}

void* find_function(void* library, const char* name) { return dlsym(library, name); }

#endif

#define HG_FOR_EACH_CALL(f)                      \
  f(create, cublasCreate);                       \
  f(destroy, cublasDestroy);                     \
  f(set_stream, cublasSetStream);                \
  f(get_stream, cublasGetStream);                \
  f(set_workspace, cublasSetWorkspace);          \
  f(set_pointer_mode, cublasSetPointerMode);     \
  f(get_pointer_mode, cublasGetPointerMode);     \
  f(set_math_mode, cublasSetMathMode);           \
  f(get_math_mode, cublasGetMathMode);           \
  f(set_atomics_mode, cublasSetAtomicsMode);     \
  f(get_atomics_mode, cublasGetAtomicsMode);     \
  f(multiply_single, cublasSgemmStridedBatched); \
  f(multiply_double, cublasDgemmStridedBatched)

Found find() {
  Found found;
  const char* given = std::getenv("HYPERGRAD_CUBLAS");
#if defined(HYPERGRAD_SIMULATED_CUDA)
  if (given == nullptr) {
#define HG_TAKE(field, function) found.calls.field = function
    HG_FOR_EACH_CALL(HG_TAKE);
#undef HG_TAKE
    return found;
  }
#endif
  const char* name = given != nullptr ? given : usual_name;
  std::string reason;
  void* library = open_library(name, reason);
  if (library == nullptr) {
    found.trouble = std::string("cuBLAS cannot be loaded from ") + name + " (" + reason +
                    "); install it, or set HYPERGRAD_CUBLAS to the path of the library";
    return found;
  }
#define HG_FIND(field, function)                                                                                   \
  found.calls.field = reinterpret_cast<decltype(found.calls.field)>(find_function(library, HG_NAME_OF(function))); \
  if (found.calls.field == nullptr && found.trouble.empty())                                                       \
  found.trouble = std::string("the cuBLAS of ") + name + " has no " HG_NAME_OF(function) "; another release is needed"
  HG_FOR_EACH_CALL(HG_FIND);
#undef HG_FIND
  return found;
}

const Found& cublas() {
  static const Found found = find();
  return found;
}

}  // namespace

const Cublas& Cublas::instance() {
  if (!trouble().empty()) fail(HG_UNSUPPORTED, "The device cannot be used: ", trouble(), ".");
  return cublas().calls;
}

const std::string& Cublas::trouble() { return cublas().trouble; }

}  // namespace hypergrad
