// Memory of a context, freed with the object that holds it unless it was adopted. It starts zeroed.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "runtime/context.h"

namespace hypergrad {

template <class T>
class Array {
 public:
  Array() = default;

  Array(std::shared_ptr<const Context> context, int64_t count) : context_(std::move(context)), count_(count) {
    data_ = static_cast<T*>(context_->allocate(bytes()));
  }

  // A copy of numbers of this program.
  Array(std::shared_ptr<const Context> context, const T* values, int64_t count) : Array(std::move(context), count) {
    context_->copy_in(data_, values, bytes());
  }

  Array(std::shared_ptr<const Context> context, const std::vector<T>& values)
      : Array(std::move(context), values.data(), static_cast<int64_t>(values.size())) {}

  // Over memory that someone else keeps.
  static Array adopt(std::shared_ptr<const Context> context, T* values, int64_t count) {
    Array array;
    array.context_ = std::move(context);
    array.data_ = values;
    array.count_ = count;
    array.is_adopted_ = true;
    return array;
  }

  Array(Array&& other) noexcept { swap(other); }
  Array& operator=(Array&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Array() {
    if (context_ && !is_adopted_) context_->release(data_, bytes());
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  int64_t count() const { return count_; }
  size_t bytes() const { return static_cast<size_t>(count_) * sizeof(T); }

  std::vector<T> to_vector() const {
    std::vector<T> values(static_cast<size_t>(count_));
    if (context_) context_->copy_out(values.data(), data_, bytes());
    return values;
  }

 private:
  void swap(Array& other) noexcept {
    std::swap(context_, other.context_);
    std::swap(data_, other.data_);
    std::swap(count_, other.count_);
    std::swap(is_adopted_, other.is_adopted_);
  }

  std::shared_ptr<const Context> context_;
  T* data_ = nullptr;
  int64_t count_ = 0;
  bool is_adopted_ = false;
};

}  // namespace hypergrad
