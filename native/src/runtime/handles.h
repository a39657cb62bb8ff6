// Objects by number: a handle holds the object's kind, its place in a table and the generation of that place, so that a handle used after
// its object was destroyed, or for an object of another kind, is recognised.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "hypergrad/base.h"
#include "runtime/error.h"

namespace hypergrad {

enum class Kind : uint8_t {
  context = 1,
  session,
  vector,
  coefficient_vector,
  data_vector,
  history,
  reversible_state,
  line_path,
  dataset,
  body,
};

const char* name_of(Kind kind);

class Object {
 public:
  virtual ~Object() = default;
};

class HandleTable {
 public:
  static HandleTable& instance();

  // Takes an object in; parent is the handle that it belongs to, or 0.
  hg_handle insert(Kind kind, std::shared_ptr<Object> object, hg_handle parent);

  // The object of a handle. Refuses 0, a destroyed one, another kind, and another parent than the one given (unless that is 0).
  template <class T>
  std::shared_ptr<T> find(hg_handle handle, Kind kind, const char* name, hg_handle parent = 0) {
    return std::static_pointer_cast<T>(find_object(handle, kind, name, parent));
  }

  // The kind and parent of a live handle.
  Kind kind_of(hg_handle handle);
  hg_handle parent_of(hg_handle handle);

  // How many live objects of a kind belong to a handle.
  int64_t count_children(hg_handle parent, Kind kind);

  // Takes an object and all that belong to it out; the caller lets go of them when it holds no lock of the table.
  std::vector<std::shared_ptr<Object>> remove(hg_handle handle);

 private:
  struct Entry {
    std::shared_ptr<Object> object;
    hg_handle handle = 0;
    hg_handle parent = 0;
    uint32_t generation = 0;
  };

  std::shared_ptr<Object> find_object(hg_handle handle, Kind kind, const char* name, hg_handle parent);
  Entry& live_entry(hg_handle handle, const char* name);

  std::mutex mutex_;
  std::vector<Entry> entries_;
  std::vector<uint32_t> free_;
};

}  // namespace hypergrad
