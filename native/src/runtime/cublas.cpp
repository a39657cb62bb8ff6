#include "runtime/cublas.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

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
  CublasVersion version;
  bool was_loaded_before = false;  // by the program
  std::string trouble, description;
};

#if defined(_WIN32)

std::string name_of_major(int major) { return "cublas64_" + std::to_string(major) + ".dll"; }

void* open_library(const std::string& name, std::string& trouble) {
  void* library = reinterpret_cast<void*>(LoadLibraryA(name.c_str()));
  if (library == nullptr) trouble = "error " + std::to_string(GetLastError());
  return library;
}

bool is_loaded(const std::string& name) { return GetModuleHandleA(name.c_str()) != nullptr; }

void* find_function(void* library, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
}

#else

std::string name_of_major(int major) { return "libcublas.so." + std::to_string(major); }

void* open_library(const std::string& name, std::string& trouble) {
  void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) trouble = dlerror();
  return library;
}

bool is_loaded(const std::string& name) {
  void* library = dlopen(name.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (library == nullptr) return false;
  dlclose(library);
  return true;
}

void* find_function(void* library, const char* name) { return dlsym(library, name); }

#endif

bool is_major_loaded(int major) { return is_loaded(name_of_major(major)); }

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
  f(get_property, cublasGetProperty);            \
  f(get_version, cublasGetVersion);              \
  f(multiply_single, cublasSgemmStridedBatched); \
  f(multiply_double, cublasDgemmStridedBatched)

// The version of the library that the calls are of.
CublasVersion version_of(const Cublas& calls) {
  CublasVersion version;
  calls.get_property(MAJOR_VERSION, &version.major);
  calls.get_property(MINOR_VERSION, &version.minor);
  calls.get_property(PATCH_LEVEL, &version.patch);
  return version;
}

// Loads a library and finds all calls in it; otherwise tells why it will not do.
std::string take(const std::string& name, Found& found) {
  std::string reason;
  found.was_loaded_before = is_loaded(name);
  void* library = open_library(name, reason);
  if (library == nullptr) return "cuBLAS cannot be loaded from " + name + " (" + reason + ")";
#define HG_FIND(field, function)                                                                                   \
  found.calls.field = reinterpret_cast<decltype(found.calls.field)>(find_function(library, HG_NAME_OF(function))); \
  if (found.calls.field == nullptr && reason.empty()) reason = "the cuBLAS of " + name + " has no " HG_NAME_OF(function)
  HG_FOR_EACH_CALL(HG_FIND);
#undef HG_FIND
  if (!reason.empty()) return reason;
  found.version = version_of(found.calls);
  if (found.version.major < oldest_cublas || found.version.major > newest_cublas)
    return "the cuBLAS of " + name + " is version " + found.version.text();
  return {};
}

// The libraries that may be taken, in their order: the one that HYPERGRAD_CUBLAS names, those of the folder that it names, or the system's.
std::vector<std::string> names_to_try() {
  const char* given = std::getenv("HYPERGRAD_CUBLAS");
  std::error_code ignored;
  const bool is_folder = given != nullptr && std::filesystem::is_directory(given, ignored);
  if (given != nullptr && !is_folder) return {given};
  std::vector<std::string> names;
  for (const int major : cublas_majors(CUBLAS_VER_MAJOR, is_major_loaded))
    names.push_back(is_folder ? (std::filesystem::path(given) / name_of_major(major)).string() : name_of_major(major));
  return names;
}

Found find() {
  Found found;
#if defined(HYPERGRAD_SIMULATED_CUDA)
  if (std::getenv("HYPERGRAD_CUBLAS") == nullptr) {
#define HG_TAKE(field, function) found.calls.field = function
    HG_FOR_EACH_CALL(HG_TAKE);
#undef HG_TAKE
    found.version = version_of(found.calls);
    return found;
  }
#endif
  std::string troubles;
  for (const std::string& name : names_to_try()) {
    const std::string trouble = take(name, found);
    if (trouble.empty()) return found;
    troubles += (troubles.empty() ? "" : "; ") + trouble;
  }
  found = {};
  found.trouble = troubles + "; install cuBLAS " + std::to_string(oldest_cublas) + " to " + std::to_string(newest_cublas) +
                  ", or set HYPERGRAD_CUBLAS to the path of the library or of its folder";
  return found;
}

const Found& cublas() {
  static const Found found = [] {
    Found taken = find();
    taken.description = "cuBLAS " + taken.version.text();
    return taken;
  }();
  return found;
}

}  // namespace

const Cublas& Cublas::instance() {
  if (!trouble().empty()) fail(HG_UNSUPPORTED, "The device cannot be used: ", trouble(), ".");
  return cublas().calls;
}

const std::string& Cublas::trouble() { return cublas().trouble; }

const CublasVersion& Cublas::version() { return cublas().version; }

const std::string& Cublas::description() { return cublas().description; }

void Cublas::require_handle(cublasHandle_t handle) {
  const Cublas& calls = instance();
  const char* const remedy = "; set HYPERGRAD_CUBLAS to the program's cuBLAS, or give no handle.";
  const std::string trouble = why_not_of(version(), cublas().was_loaded_before, is_major_loaded);
  require(trouble.empty(), "The cuBLAS handle is of another cuBLAS: ", trouble, remedy);
  int number = 0;
  const cublasStatus_t asked = calls.get_version(handle, &number);
  require(asked == CUBLAS_STATUS_SUCCESS && version().is(number), "The cuBLAS handle is none of ", description(),
          ", with which the library computes: asked for its version, it says ", number, ", status ", static_cast<int>(asked), remedy);
}

}  // namespace hypergrad
