// Repeated keys of a batch, linked: what belongs to one key is gathered by one thread, in the order of the rows.
#pragma once

#include "arithmetic/platform.h"

namespace hypergrad {

// For each row, whether it is the first one with its key, and the next row with it or −1. A key is int32_t operator()(i); rows with a
// negative one are never first.
template <class Key>
struct LinkRepeats {
  Key key;
  int32_t rows;  // of a replica
  int32_t* is_first;
  int32_t* next;

  HG_BOTH void operator()(int64_t i) const {
    const int64_t batch = i / rows * rows;
    const int32_t row = static_cast<int32_t>(i % rows), own = key(i);
    int32_t first = own >= 0, following = -1;
    for (int32_t other = 0; other < row && first != 0; other++) first = key(batch + other) != own;
    for (int32_t other = row + 1; other < rows && following < 0; other++)
      if (key(batch + other) == own) following = other;
    is_first[i] = first;
    next[i] = following;
  }
};

// The same where no key comes twice, without a search.
struct LinkNone {
  int32_t* is_first;
  int32_t* next;

  HG_BOTH void operator()(int64_t i) const {
    is_first[i] = 1;
    next[i] = -1;
  }
};

}  // namespace hypergrad
