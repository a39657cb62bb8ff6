// What the library tells about itself: entry points that are really there, and the structs as this compiler lays them out.
#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "run.h"

namespace hypergrad::testing {
namespace {

bool is_exported(const char* name) {
#if defined(_WIN32)
  return GetProcAddress(GetModuleHandleA("hypergrad.dll"), name) != nullptr;
#else
  return dlsym(RTLD_DEFAULT, name) != nullptr;
#endif
}

TEST(Layout, EveryEntryPointIsExported) {
  std::set<std::string> names;
  const char* name = nullptr;
  for (int32_t index = 0; hg_entry_point(index, &name) == HG_OK; index++) {
    EXPECT_TRUE(is_exported(name)) << name;
    EXPECT_TRUE(names.insert(name).second) << name << " is listed twice";
  }
  EXPECT_TRUE(names.count("hg_entry_point") == 1 && names.count("hg_session_create") == 1 &&
              names.count("hg_reversible_retreat_slots") == 1);
}

TEST(Layout, StructsAreAsTheCompilerHasThem) {
  int64_t bytes = 0;
  HG_EXPECT_OK(hg_layout("hg_session_description", nullptr, &bytes));
  EXPECT_EQ(bytes, static_cast<int64_t>(sizeof(hg_session_description)));
  HG_EXPECT_OK(hg_layout("hg_session_description", "allow_tf32", &bytes));
  EXPECT_EQ(bytes, static_cast<int64_t>(offsetof(hg_session_description, allow_tf32)));
  HG_EXPECT_OK(hg_layout("hg_device_properties", nullptr, &bytes));
  EXPECT_EQ(bytes, static_cast<int64_t>(sizeof(hg_device_properties)));
  HG_EXPECT_OK(hg_layout("hg_group_pattern", "divisor", &bytes));
  EXPECT_EQ(bytes, 12);
  HG_EXPECT_OK(hg_layout("hg_operation", "window", &bytes));
  EXPECT_EQ(bytes, static_cast<int64_t>(offsetof(hg_operation, window)));
  HG_EXPECT_OK(hg_layout("hg_adjoint", "coefficients", &bytes));
  EXPECT_EQ(bytes, static_cast<int64_t>(offsetof(hg_adjoint, coefficients)));
  expect_refused(hg_layout("hg_session_description", "colour", &bytes), HG_INVALID_ARGUMENT, "colour");
  expect_refused(hg_layout("hg_nothing", nullptr, &bytes), HG_INVALID_ARGUMENT, "hg_nothing");
}

// The places of DLPack's DLTensor, {data, {device_type, device_id}, ndim, {code, bits, lanes}, shape, strides, byte_offset}.
TEST(Layout, TensorIsThatOfDLPack) {
  const std::pair<const char*, int64_t> places[] = {{nullptr, 48},      {"data", 0},     {"device_type", 8}, {"device_id", 12},
                                                    {"dimensions", 16}, {"code", 20},    {"bits", 21},       {"lanes", 22},
                                                    {"shape", 24},      {"strides", 32}, {"byte_offset", 40}};
  for (const auto& place : places) {
    int64_t bytes = -1;
    HG_EXPECT_OK(hg_layout("hg_tensor", place.first, &bytes));
    EXPECT_EQ(bytes, place.second) << (place.first == nullptr ? "size" : place.first);
  }
}

TEST(Layout, VersionsAgree) {
  EXPECT_EQ(hg_abi_version(), HG_ABI_VERSION);
  EXPECT_STREQ(hg_version(), "0.1.0");
  EXPECT_TRUE(hg_has_cuda() == 0 || hg_has_cuda() == 1);
}

}  // namespace
}  // namespace hypergrad::testing
