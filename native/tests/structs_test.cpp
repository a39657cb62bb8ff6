// Structs of callers that were compiled with another version of the headers: larger ones are taken as long as what is newer is 0.
#include "runtime/structs.h"

#include <cstring>

#include "open_run.h"

namespace hypergrad::testing {
namespace {

// A struct as a newer header has it: with another field at its end.
template <class Structure>
struct Newer {
  Structure known;
  int64_t unknown = 0;

  explicit Newer(Structure structure) : known(structure) { known.struct_size = sizeof *this; }
};

template <class Structure>
std::vector<Newer<Structure>> newer(const std::vector<Structure>& structures) {
  return {structures.begin(), structures.end()};
}

// A run whose every struct is larger than the library's.
struct NewerRun {
  explicit NewerRun(const TrainingRun& given)
      : run(given),
        description(run.description()),
        values(newer(run.program.values)),
        parameters(newer(run.program.parameters)),
        operations(newer(run.program.operations)),
        slots(newer(run.slots)),
        updates(newer(run.updates)),
        patterns(newer(run.patterns)) {
    const hg_session_description& d = description.known;
    coefficients = newer(std::vector<hg_coefficient>(d.coefficients, d.coefficients + d.coefficient_count));
    for (auto& coefficient : coefficients) coefficient.known.patterns = &patterns[0].known;
    for (const hg_window& window : run.program.windows) windows.emplace_back(window);
    for (size_t i = 0, next = 0; i < operations.size(); i++)
      if (operations[i].known.window != nullptr) operations[i].known.window = &windows[next++].known;
    description.known.values = &values[0].known;
    description.known.parameters = &parameters[0].known;
    description.known.operations = &operations[0].known;
    description.known.slots = &slots[0].known;
    description.known.updates = &updates[0].known;
    description.known.coefficients = &coefficients[0].known;
  }

  hg_status open() {
    hg_handle context = 0, session = 0;
    HG_EXPECT_OK(create_context(&context));
    const hg_status status = hg_session_create(context, &description.known, &session);
    const std::string message = hg_last_error();
    if (status == HG_OK) {
      HG_EXPECT_OK(hg_session_evaluate_gradient(session, 0));
      HG_EXPECT_OK(hg_destroy(session));
    }
    HG_EXPECT_OK(hg_destroy(context));
    last_message = message;
    return status;
  }

  void expect_refused(const char* words) {
    EXPECT_EQ(open(), HG_INVALID_ARGUMENT) << last_message;
    EXPECT_NE(last_message.find(words), std::string::npos) << last_message;
  }

  TrainingRun run;
  Newer<hg_session_description> description;
  std::vector<Newer<hg_value>> values;
  std::vector<Newer<hg_parameter>> parameters;
  std::vector<Newer<hg_operation>> operations;
  std::vector<Newer<hg_slot>> slots;
  std::vector<Newer<hg_update>> updates;
  std::vector<Newer<hg_group_pattern>> patterns;
  std::vector<Newer<hg_coefficient>> coefficients;
  std::deque<Newer<hg_window>> windows;
  std::string last_message;
};

TrainingRun convolution() {
  TrainingRun run;
  TestProgram& p = run.program = TestProgram(4 * 4);
  p.affine(p.pool(p.convolution(0, window(4, 4, 1, 3, 1, 1), 2, HG_TANH), window(4, 4, 2, 2, 2, 0), true), 8, 2);
  return run.complete();
}

TEST(Structs, LargerOnesAreTaken_WhileWhatIsNewerIsZero) {
  NewerRun run(convolution());
  EXPECT_EQ(run.open(), HG_OK) << run.last_message;
  run.values[1].unknown = 1;
  run.expect_refused("The struct_size of hg_value is 16, and beyond the 8 bytes that this library knows it is not 0");
  run.values[1].unknown = 0;
  run.operations[2].unknown = -1;
  run.expect_refused("The struct_size of hg_operation is");
  run.operations[2].unknown = 0;
  run.windows[0].unknown = 1;
  run.expect_refused("The struct_size of hg_window is");
  run.windows[0].unknown = 0;
  run.patterns[0].unknown = 1;
  run.expect_refused("The struct_size of hg_group_pattern is");
  run.patterns[0].unknown = 0;
  run.description.unknown = 1;
  run.expect_refused("The struct_size of hg_session_description is");
  run.description.unknown = 0;
  EXPECT_EQ(run.open(), HG_OK) << run.last_message;
}

TEST(Structs, OfAnArrayAreOfOneSize) {
  NewerRun run(convolution());
  run.updates[2].known.struct_size = sizeof(hg_update);
  run.expect_refused("The struct_size of hg_update is 48 in number 2 of an array whose first has 56; all must be sizeof(hg_update)");
}

TEST(Structs, TooSmallOrAbsurdSizesAreRefused) {
  NewerRun run(convolution());
  for (const int32_t size : {0, 1, -1, static_cast<int32_t>(sizeof(hg_value)) - 1, (1 << 16) + 1, 2147483647}) {
    run.values[0].known.struct_size = size;
    run.expect_refused(("The struct_size of hg_value is " + std::to_string(size) + "; it must be sizeof(hg_value), 8 here").c_str());
  }
}

TEST(Structs, WhatTheLibraryFillsInMayBeLarger) {
  struct Device {
    hg_device_properties known;
    int64_t unknown;
  } device{};
  device.known.struct_size = sizeof device;
  hg_device_query(0, &device.known);
  EXPECT_EQ(device.known.struct_size, static_cast<int32_t>(sizeof device));
  EXPECT_EQ(device.unknown, 0);
}

// What a caller of the first version leaves out counts as 0.
struct Grown {
  int32_t struct_size, old, young;
};

}  // namespace
}  // namespace hypergrad::testing

namespace hypergrad {

template <>
constexpr int64_t smallest_size<testing::Grown> = 8;

namespace testing {
namespace {

TEST(Structs, OlderOnesAreTaken_ThatHadTheFirstFields) {
  const Grown older{8, 5, 77}, newest{12, 5, 77}, torn{4, 5, 77};
  EXPECT_EQ(take_struct(&older, "grown").young, 0);
  EXPECT_EQ(take_struct(&older, "grown").old, 5);
  EXPECT_EQ(take_struct(&newest, "grown").young, 77);
  EXPECT_THROW(take_struct(&torn, "grown"), Error);
  Grown given{8, 0, 99};
  give_struct(Grown{12, 6, 7}, &given);
  EXPECT_EQ(given.struct_size, 8);
  EXPECT_EQ(given.old, 6);
  EXPECT_EQ(given.young, 99);
}

}  // namespace
}  // namespace testing
}  // namespace hypergrad
