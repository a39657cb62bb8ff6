// Versions, errors, destruction, devices and contexts.
#include <algorithm>

#include "abi/entry.h"
#include "runtime/products.h"
#include "runtime/structs.h"

using namespace hypergrad;

namespace {

std::shared_ptr<Context> context_of(hg_handle handle) { return HandleTable::instance().find<Context>(handle, Kind::context, "context"); }

void refuse_own_vector(hg_handle object, hg_handle parent) {
  const auto session = HandleTable::instance().find<Session>(parent, Kind::session, "session");
  const std::vector<hg_handle>& slots = session->slot_handles;
  require(object != session->weights_handle && object != session->gradient_handle &&
              std::find(slots.begin(), slots.end(), object) == slots.end(),
          "A session's own weights, slots and gradient live as long as the session; destroy the session.");
}

}  // namespace

const char* hg_version(void) { return HYPERGRAD_VERSION; }

int32_t hg_abi_version(void) { return HG_ABI_VERSION; }

int32_t hg_has_cuda(void) {
#if defined(HYPERGRAD_CUDA)
  return 1;
#else
  return 0;
#endif
}

const char* hg_last_error(void) { return last_error(); }

hg_status hg_destroy(hg_handle object) {
  return guarded([&] {
    HandleTable& table = HandleTable::instance();
    const Kind kind = table.kind_of(object);
    if (kind == Kind::context) {
      const int64_t sessions = table.count_children(object, Kind::session);
      if (sessions > 0) fail(HG_WRONG_ORDER, "The context has ", sessions, " sessions; destroy them first.");
    }
    if (kind == Kind::vector) refuse_own_vector(object, table.parent_of(object));
    // The objects go at the end of this scope, when the table is free for others again.
    const std::vector<std::shared_ptr<Object>> removed = table.remove(object);
  });
}

hg_status hg_live_bytes(int64_t* bytes) {
  return guarded([&] {
    require_pointer(bytes, "bytes");
    *bytes = Context::live_bytes();
  });
}

hg_status hg_device_count(int32_t* count) {
  return guarded([&] {
    require_pointer(count, "count");
    std::string reason;
    *count = count_devices(reason);
    if (*count == 0) set_last_error(reason.c_str());
  });
}

hg_status hg_device_query(int32_t device, hg_device_properties* properties) {
  return guarded([&] {
    require_pointer(properties, "properties");
    hg_device_properties found = take_struct(properties, "hg_device_properties");
    query_device(device, found);
    give_struct(found, properties);
  });
}

hg_status hg_context_create_device(int32_t device, hg_handle* context) {
  return guarded([&] {
    require_pointer(context, "context");
    *context = HandleTable::instance().insert(Kind::context, std::make_shared<Context>(device), 0);
  });
}

hg_status hg_context_adopt_device(int32_t device, void* driver_context, void* stream, void* blas_handle, hg_handle* context) {
  return guarded([&] {
    require_pointer(context, "context");
    require(device >= 0, "Device ", device, " was asked for; devices are numbered from 0.");
    const AdoptedParts parts{driver_context, stream, blas_handle};
    *context = HandleTable::instance().insert(Kind::context, std::make_shared<Context>(device, parts), 0);
  });
}

hg_status hg_context_create_host(hg_handle* context) {
  return guarded([&] {
    require_pointer(context, "context");
    *context = HandleTable::instance().insert(Kind::context, std::make_shared<Context>(), 0);
  });
}

hg_status hg_context_is_device(hg_handle context, int32_t* is_device) {
  return guarded([&] {
    require_pointer(is_device, "is_device");
    *is_device = context_of(context)->on_device() ? 1 : 0;
  });
}

hg_status hg_context_stream(hg_handle context, void** stream) {
  return guarded([&] {
    require_pointer(stream, "stream");
    const std::shared_ptr<Context> found = context_of(context);
    if (!found->on_device()) fail(HG_UNSUPPORTED, "The context is on the host, where there is no stream.");
    *stream = found->stream();
  });
}

hg_status hg_context_products(hg_handle context, const char** description) {
  return guarded([&] {
    require_pointer(description, "description");
    *description = describe_products(*context_of(context));
  });
}

hg_status hg_context_synchronize(hg_handle context) {
  return guarded([&] {
    const std::shared_ptr<Context> found = context_of(context);
    const ContextLock lock(*found);
    found->synchronize();
  });
}
