#include "runtime/handles.h"

namespace hypergrad {

namespace {

constexpr int generation_shift = 24, kind_shift = 56;
constexpr uint64_t index_mask = (1u << generation_shift) - 1;

Kind kind_in(hg_handle handle) { return static_cast<Kind>(handle >> kind_shift); }

}  // namespace

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::context:
      return "context";
    case Kind::session:
      return "session";
    case Kind::vector:
      return "vector";
    case Kind::coefficient_vector:
      return "coefficient vector";
    case Kind::data_vector:
      return "data vector";
    case Kind::history:
      return "history";
    case Kind::reversible_state:
      return "reversible state";
    case Kind::line_path:
      return "line path";
    case Kind::dataset:
      return "dataset";
    case Kind::body:
      return "body";
  }
  return "unknown object";
}

HandleTable& HandleTable::instance() {
  // Never destroyed: a caller's finaliser may run after the statics of this library would have gone.
  static HandleTable* table = new HandleTable();
  return *table;
}

hg_handle HandleTable::insert(Kind kind, std::shared_ptr<Object> object, hg_handle parent) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (parent != 0) live_entry(parent, "parent");
  if (free_.empty()) {
    if (entries_.size() > index_mask)
      fail(HG_OUT_OF_MEMORY, "There are ", entries_.size(), " objects, as many as there can be; destroy some.");
    entries_.emplace_back();
    free_.reserve(entries_.size());
    free_.push_back(static_cast<uint32_t>(entries_.size() - 1));
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  Entry& entry = entries_[index];
  entry.generation++;
  entry.handle = static_cast<uint64_t>(kind) << kind_shift | static_cast<uint64_t>(entry.generation) << generation_shift | index;
  entry.parent = parent;
  entry.object = std::move(object);
  return entry.handle;
}

HandleTable::Entry& HandleTable::live_entry(hg_handle handle, const char* name) {
  if (handle == 0) fail(HG_NULL_ARGUMENT, "The handle '", name, "' is 0.");
  const uint64_t index = handle & index_mask;
  if (index >= entries_.size() || entries_[index].generation == 0) fail(HG_INVALID_HANDLE, "The handle '", name, "' is of no object.");
  Entry& entry = entries_[index];
  if (entry.handle != handle) fail(HG_INVALID_HANDLE, "The handle '", name, "' is of no object, or of one that was destroyed.");
  return entry;
}

std::shared_ptr<Object> HandleTable::find_object(hg_handle handle, Kind kind, const char* name, hg_handle parent) {
  std::lock_guard<std::mutex> lock(mutex_);
  const Entry& entry = live_entry(handle, name);
  if (kind_in(handle) != kind)
    fail(HG_INVALID_HANDLE, "The handle '", name, "' is of a ", name_of(kind_in(handle)), ", not of a ", name_of(kind), ".");
  if (parent != 0 && entry.parent != parent) fail(HG_INVALID_HANDLE, "The ", name_of(kind), " '", name, "' belongs to another session.");
  return entry.object;
}

Kind HandleTable::kind_of(hg_handle handle) {
  std::lock_guard<std::mutex> lock(mutex_);
  live_entry(handle, "object");
  return kind_in(handle);
}

hg_handle HandleTable::parent_of(hg_handle handle) {
  std::lock_guard<std::mutex> lock(mutex_);
  return live_entry(handle, "object").parent;
}

int64_t HandleTable::count_children(hg_handle parent, Kind kind) {
  std::lock_guard<std::mutex> lock(mutex_);
  int64_t count = 0;
  for (const Entry& entry : entries_) count += entry.handle != 0 && entry.parent == parent && kind_in(entry.handle) == kind;
  return count;
}

std::vector<std::shared_ptr<Object>> HandleTable::remove(hg_handle handle) {
  std::vector<std::shared_ptr<Object>> removed;
  std::lock_guard<std::mutex> lock(mutex_);
  live_entry(handle, "object");
  removed.reserve(entries_.size());
  // Children first, so that they go before what they lean on.
  for (int pass = 0; pass < 2; pass++)
    for (size_t index = 0; index < entries_.size(); index++) {
      Entry& entry = entries_[index];
      if (entry.handle == 0 || (pass == 0 ? entry.parent : entry.handle) != handle) continue;
      removed.push_back(std::move(entry.object));
      entry.handle = 0;
      entry.parent = 0;
      free_.push_back(static_cast<uint32_t>(index));
    }
  return removed;
}

}  // namespace hypergrad
