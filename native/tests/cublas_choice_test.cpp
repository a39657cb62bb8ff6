// The rules by which a cuBLAS is taken.
#include "runtime/cublas_choice.h"

#include <gtest/gtest.h>

namespace hypergrad::testing {
namespace {

const auto none = [](int) { return false; };

auto only(int loaded) {
  return [loaded](int major) { return major == loaded; };
}

TEST(CublasChoice, BeginsWithTheMajorCompiledWith) {
  EXPECT_EQ(cublas_majors(11, none), (std::vector<int>{11, 13, 12}));
  EXPECT_EQ(cublas_majors(12, none), (std::vector<int>{12, 13, 11}));
  EXPECT_EQ(cublas_majors(13, none), (std::vector<int>{13, 12, 11}));
}

TEST(CublasChoice, PrefersWhatTheProgramHasLoaded) {
  EXPECT_EQ(cublas_majors(11, only(12)), (std::vector<int>{12, 11, 13}));
  EXPECT_EQ(cublas_majors(12, only(12)), (std::vector<int>{12, 13, 11}));
  EXPECT_EQ(cublas_majors(11, [](int major) { return major != 11; }), (std::vector<int>{13, 12, 11}));
}

TEST(CublasChoice, KnowsAVersionInBothWritings) {
  const CublasVersion old{11, 11, 3}, recent{12, 4, 5};
  EXPECT_TRUE(old.is(12103));
  EXPECT_TRUE(old.is(111103));
  EXPECT_TRUE(recent.is(120405));
  EXPECT_FALSE(recent.is(12103));
  EXPECT_FALSE(old.is(120405));
  EXPECT_FALSE(old.is(0));
  EXPECT_EQ(recent.text(), "12.4");
}

TEST(CublasChoice, TellsWhereAHandleCannotBeOfTheOneTaken) {
  const CublasVersion taken{11, 11, 3};
  EXPECT_EQ(why_not_of(taken, false, none), "");
  EXPECT_EQ(why_not_of(taken, false, only(11)), "");
  EXPECT_EQ(why_not_of(taken, true, only(12)), "") << "the program has both";
  EXPECT_EQ(why_not_of(taken, false, only(12)),
            "the program has cuBLAS 12 loaded, and the library computes with cuBLAS 11.11, which it loaded by itself");
}

}  // namespace
}  // namespace hypergrad::testing
