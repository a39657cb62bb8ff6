// What the entry points share: looking handles up, and taking a session's turn.
#pragma once

#include <memory>

#include "hypergrad/hypergrad.h"
#include "session/session.h"

namespace hypergrad {

// Runs f(session) while no other call works on its context.
template <class F>
hg_status with_session(hg_handle handle, const F& f) noexcept {
  return guarded([&] {
    const std::shared_ptr<Session> session = HandleTable::instance().find<Session>(handle, Kind::session, "session");
    const ContextLock lock(*session->context);
    f(*session);
  });
}

// Runs f(typed session).
template <class F>
hg_status with_typed_session(hg_handle handle, const F& f) noexcept {
  return with_session(handle, [&](Session& session) { with_precision(session, f); });
}

// An object of a session.
template <class T>
std::shared_ptr<T> object_of(hg_handle session, hg_handle handle, Kind kind, const char* name) {
  return HandleTable::instance().find<T>(handle, kind, name, session);
}

template <class T>
std::shared_ptr<Vector<T>> vector_of(const SessionOf<T>&, hg_handle session, hg_handle handle, const char* name) {
  return object_of<Vector<T>>(session, handle, Kind::vector, name);
}

// The same, or null for handle 0.
template <class T>
std::shared_ptr<Vector<T>> optional_vector_of(const SessionOf<T>& typed, hg_handle session, hg_handle handle, const char* name) {
  return handle == 0 ? nullptr : vector_of(typed, session, handle, name);
}

// Makes an object of a session and gives its handle.
template <class Make>
void create_object(Session& session, hg_handle parent, Kind kind, hg_handle* handle, const Make& make) {
  require_pointer(handle, name_of(kind));
  session.require_not_recording("Making an object");
  *handle = HandleTable::instance().insert(kind, make(), parent);
}

// The element type of a typed session.
template <class S>
using NumberOf = std::decay_t<decltype(*std::declval<S&>().weights->data())>;

}  // namespace hypergrad
