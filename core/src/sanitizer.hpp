#pragma once

// What the sanitizers must be told at a fiber switch; nothing in an ordinary build.

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONCLAVE_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define CONCLAVE_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define CONCLAVE_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define CONCLAVE_TSAN 1
#endif

#if defined(CONCLAVE_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(CONCLAVE_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace conclave::detail {

/// Instrumented frames are larger, so such a build has larger stacks.
constexpr bool sanitized =
#if defined(CONCLAVE_ASAN) || defined(CONCLAVE_TSAN)
    true;
#else
    false;
#endif

/// Before a switch to the stack [bottom, bottom + size); `save` null when the current stack ends.
inline void sanitizer_start_switch([[maybe_unused]] void** save,
                                   [[maybe_unused]] const void* bottom,
                                   [[maybe_unused]] std::size_t size) noexcept {
#if defined(CONCLAVE_ASAN)
    __sanitizer_start_switch_fiber(save, bottom, size);
#endif
}

/// First thing after arriving on a stack; reports the stack that was left.
inline void sanitizer_finish_switch([[maybe_unused]] void* saved,
                                    [[maybe_unused]] const void** old_bottom,
                                    [[maybe_unused]] std::size_t* old_size) noexcept {
#if defined(CONCLAVE_ASAN)
    __sanitizer_finish_switch_fiber(saved, old_bottom, old_size);
#endif
}

/// Before a stack is used again: the frames that never returned leave their red zones behind.
inline void sanitizer_clean_stack([[maybe_unused]] void* bottom,
                                  [[maybe_unused]] std::size_t size) noexcept {
#if defined(CONCLAVE_ASAN)
    __asan_unpoison_memory_region(bottom, size);
#endif
}

inline void* sanitizer_current_fiber() noexcept {
#if defined(CONCLAVE_TSAN)
    return __tsan_get_current_fiber();
#else
    return nullptr;
#endif
}

inline void* sanitizer_create_fiber() noexcept {
#if defined(CONCLAVE_TSAN)
    return __tsan_create_fiber(0);
#else
    return nullptr;
#endif
}

inline void sanitizer_destroy_fiber([[maybe_unused]] void* fiber) noexcept {
#if defined(CONCLAVE_TSAN)
    if (fiber) __tsan_destroy_fiber(fiber);
#endif
}

inline void sanitizer_switch_fiber([[maybe_unused]] void* fiber) noexcept {
#if defined(CONCLAVE_TSAN)
    __tsan_switch_to_fiber(fiber, 0);
#endif
}

}  // namespace conclave::detail
