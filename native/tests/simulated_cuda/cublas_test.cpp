// Which cuBLAS the library takes. Each in a process of its own, where none was looked for before.
#include <cuda_runtime.h>
#include <dlfcn.h>

#include <cstdlib>

#include "../open_run.h"
#include "simulated_cuda.h"

namespace hypergrad::testing {
namespace {

// In a process of its own, where cuBLAS was not looked for before.
TEST(CublasDeathTest, ThatIsMissingLeavesTheDeviceThereButNotUsable) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  setenv("HYPERGRAD_CUBLAS", "/nowhere/libcublas.so", 1);
  EXPECT_EXIT(
      {
        int32_t count = 0;
        hg_handle context = 0;
        hg_device_properties properties{};
        properties.struct_size = sizeof properties;
        HG_EXPECT_OK(hg_device_count(&count));
        EXPECT_EQ(count, 2);
        HG_EXPECT_OK(hg_device_query(0, &properties));
        EXPECT_EQ(properties.usable, 0);
        EXPECT_EQ(properties.blas_version, 0);
        EXPECT_NE(std::string(hg_last_error()).find("cuBLAS cannot be loaded from /nowhere/libcublas.so"), std::string::npos);
        expect_refused(hg_context_create_device(0, &context), HG_UNSUPPORTED, "set HYPERGRAD_CUBLAS to the path");
        EXPECT_EQ(simulated_cuda_live_objects(), 0);
        HG_EXPECT_OK(hg_context_create_host(&context));
        std::exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  unsetenv("HYPERGRAD_CUBLAS");
}

TEST(CublasDeathTest, ThatIsAnotherLibraryIsNotUsable) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  setenv("HYPERGRAD_CUBLAS", "libm.so.6", 1);
  EXPECT_EXIT(
      {
        hg_handle context = 0;
        expect_refused(hg_context_create_device(0, &context), HG_UNSUPPORTED, "the cuBLAS of libm.so.6 has no cublasCreate");
        std::exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  unsetenv("HYPERGRAD_CUBLAS");
}

// There are fake ones of 12 and 13 in the folder, and none of 11.
constexpr int taken_of_folder = CUDART_VERSION / 1000 == 12 ? 12 : 13;

TEST(CublasDeathTest, OfAnotherMajorIsTakenWhereItsOwnIsMissing) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  setenv("HYPERGRAD_CUBLAS", FAKE_CUBLAS_FOLDER, 1);
  EXPECT_EXIT(
      {
        hg_handle context = 0;
        const char* products = nullptr;
        hg_device_properties properties{};
        properties.struct_size = sizeof properties;
        HG_EXPECT_OK(hg_device_query(1, &properties));
        EXPECT_EQ(properties.usable, 1);
        EXPECT_EQ(properties.blas_version, taken_of_folder * 1000 + 10);
        HG_EXPECT_OK(hg_context_create_device(1, &context));
        HG_EXPECT_OK(hg_context_products(context, &products));
        EXPECT_EQ(products, "cuBLAS " + std::to_string(taken_of_folder) + ".1");
        std::exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  unsetenv("HYPERGRAD_CUBLAS");
}

TEST(CublasDeathTest, ThatTheProgramHasLoadedIsTakenFirst) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  constexpr int other = 25 - taken_of_folder;
  setenv("HYPERGRAD_CUBLAS", FAKE_CUBLAS_FOLDER, 1);
  EXPECT_EXIT(
      {
        EXPECT_NE(dlopen((FAKE_CUBLAS_FOLDER "/libcublas.so." + std::to_string(other)).c_str(), RTLD_NOW), nullptr) << dlerror();
        hg_device_properties properties{};
        properties.struct_size = sizeof properties;
        HG_EXPECT_OK(hg_device_query(1, &properties));
        EXPECT_EQ(properties.blas_version, other * 1000 + 10);
        std::exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  unsetenv("HYPERGRAD_CUBLAS");
}

TEST(CublasDeathTest, OfALentHandleIsTheOneThatComputes) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  constexpr int other = 25 - taken_of_folder;
  setenv("HYPERGRAD_CUBLAS", FAKE_CUBLAS_FOLDER, 1);
  EXPECT_EXIT(
      {
        hg_device_properties properties{};
        properties.struct_size = sizeof properties;
        HG_EXPECT_OK(hg_device_query(1, &properties));
        int32_t handle = 0;
        hg_handle context = 0;
        HG_EXPECT_OK(hg_context_adopt_device(1, nullptr, nullptr, &handle, &context));
        // Only now the program loads another, of which its handles are.
        EXPECT_NE(dlopen((FAKE_CUBLAS_FOLDER "/libcublas.so." + std::to_string(other)).c_str(), RTLD_NOW), nullptr) << dlerror();
        expect_refused(hg_context_adopt_device(1, nullptr, nullptr, &handle, &context), HG_INVALID_ARGUMENT,
                       "the program has cuBLAS " + std::to_string(other) + " loaded");
        std::exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
  unsetenv("HYPERGRAD_CUBLAS");
}

}  // namespace
}  // namespace hypergrad::testing
