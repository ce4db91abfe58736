// What the thread sanitizer reports although nobody races. It sees neither the fences of Boost.Asio's
// reference counts nor the counts that libstdc++'s own library moves, which is compiled without it.

extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
    return
        // A count goes down by a relaxed step, then a fence: boost/asio/detail/atomic_count.hpp.
        "race:boost::asio::execution::detail::shared_target_executor::impl\n"
        // Signalled after the mutex is free: boost/asio/detail/posix_event.hpp.
        "race:boost::asio::detail::posix_event::~posix_event\n"
        // libstdc++'s library, libsupc++/eh_ptr.cc.
        "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
