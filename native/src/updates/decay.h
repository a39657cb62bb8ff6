// x ← c·x: in floating point, exactly (arithmetic/information_store.h), undone, and pulled back: c̄ += Σ x̄∘x, x̄ ← c·x̄.
#pragma once

#include "arithmetic/information_store.h"
#include "updates/exact_numbers.h"
#include "updates/update_view.h"

namespace hypergrad {

// The stores of one decay, [replicas × weights] words of 16 or 32 bits, and its byte planes: per replica and group plane after plane, in
// each one byte per weight.
struct StoreView {
  uint16_t* narrow;  // or null
  uint32_t* wide;    // or null; both null where the decay never decays anything
  uint8_t* planes;
  int64_t plane_bytes;          // per replica
  const int64_t* plane_starts;  // [groups]
  const int32_t* group_sizes;   // [groups]
  const uint8_t* spills;        // [steps × groups]
  const int32_t* before;        // [steps × groups]

  HG_BOTH bool any() const { return narrow != nullptr || wide != nullptr; }
};

// What the weights of a run share: their ratio, how many bytes each spills, and where byte 0 of its first weight goes. The next weight's
// follows it, and the next byte is a plane's size further on.
struct DecayOfRun {
  DecayRatio ratio;
  int32_t spilled;
  int64_t plane_size;
  uint8_t* bytes;

  HG_BOTH DecayOfRun(const CoefficientView& coefficient, const CoefficientRow& row, const StoreView& stores, const WeightRange& range,
                     const GroupRun& run)
      : ratio(coefficient.ratios[row.first_entry + run.group]),
        spilled(stores.spills[row.first_entry + run.group]),
        plane_size(stores.group_sizes[run.group]),
        bytes(spilled == 0 ? nullptr
                           : stores.planes + range.replica * stores.plane_bytes + stores.plane_starts[run.group] +
                                 stores.before[row.first_entry + run.group] * plane_size + row.pattern.place_of(range.within + run.first)) {
  }
};

// How wide a store is while it is worked on, and what is known of its ratios.
HG_BOTH inline uint32_t opened(uint16_t word) { return word; }
HG_BOTH inline uint64_t opened(uint32_t word) { return word; }
HG_BOTH inline DecayRatio ratio_of(const uint16_t*, DecayRatio ratio) { return {ratio.numerator, momentum_denominator}; }
HG_BOTH inline DecayRatio ratio_of(const uint32_t*, DecayRatio ratio) { return ratio; }

// A step's decay of a range, the bytes of the schedule spilled. Words: those of the stores.
struct DecayExactly {
  template <class Word, class Numbers>
  HG_BOTH static void run(const DecayOfRun& shared, Word* words, const Numbers& numbers, int64_t at, int32_t count) {
    const DecayRatio ratio = ratio_of(words, shared.ratio);
    for (int32_t i = 0; i < count; i++) {
      auto value = numbers.load(at + i);
      auto store = opened(words[at + i]);
      decay(value, store, ratio);
      for (int32_t k = 0; k < shared.spilled; k++) shared.bytes[k * shared.plane_size + i] = spill(store);
      numbers.save(at + i, value);
      words[at + i] = static_cast<Word>(store);
    }
  }
};

struct UndoDecayExactly {
  template <class Word, class Numbers>
  HG_BOTH static void run(const DecayOfRun& shared, Word* words, const Numbers& numbers, int64_t at, int32_t count) {
    const DecayRatio ratio = ratio_of(words, shared.ratio);
    for (int32_t i = 0; i < count; i++) {
      auto value = numbers.load(at + i);
      auto store = opened(words[at + i]);
      for (int32_t k = shared.spilled - 1; k >= 0; k--) unspill(store, shared.bytes[k * shared.plane_size + i]);
      undo_decay(value, store, ratio);
      numbers.save(at + i, value);
      words[at + i] = static_cast<Word>(store);
    }
  }
};

// Does one of the two above.
template <class Way, class Numbers>
HG_BOTH void decay_range(const CoefficientView& coefficient, const StoreView& stores, int32_t step, const WeightRange& range,
                         const Numbers& numbers) {
  const CoefficientRow row(coefficient, step, range.tensor);
  for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
    const DecayOfRun shared(coefficient, row, stores, range, run);
    if (stores.narrow != nullptr)
      Way::run(shared, stores.narrow, numbers, range.at + run.first, run.end - run.first);
    else
      Way::run(shared, stores.wide, numbers, range.at + run.first, run.end - run.first);
  }
}

// x ← c·x, of the state or of the adjoint.
template <class T>
HG_BOTH void decay_in_floats(const UpdateView& update, const StateView<T>& state, int32_t step, const WeightRange& range) {
  const CoefficientRow row(update.coefficient, step, range.tensor);
  T* x = state.numbers(update.target) + range.at;
  for (GroupRun run = first_run(row.pattern, range); run.first < range.count; run = next_run(row.pattern, range, run)) {
    const T c = static_cast<T>(row.values[run.group]);
    for (int32_t i = run.first; i < run.end; i++) x[i] = c * x[i];
  }
}

// The weight's term of c̄, x̄·x. State and adjoint are those before and after all decays of the step: where the list decays a target more
// than once, the other decays stand between.
template <class T>
struct DecayTerm {
  StateView<T> state, adjoint;
  int32_t index;   // of the update
  int32_t target;  // of the update
  bool is_only;    // decay of the target

  HG_BOTH double operator()(int32_t step, const Place& place) const {
    const double term = static_cast<double>(adjoint.numbers(target)[place.at]) * static_cast<double>(state.numbers(target)[place.at]);
    return is_only ? term : term * others(step, place);
  }

 private:
  HG_BOTH double others(int32_t step, const Place& place) const {
    double product = 1;
    for (int32_t i = 0; i < state.count; i++) {
      const UpdateView& other = state.updates[i];
      if (i != index && other.kind == HG_DECAY && other.target == target) product *= other.coefficient.value(step, place);
    }
    return product;
  }
};

}  // namespace hypergrad
