// What the C++ library of the WebAssembly target leaves to the program: its compiler support is
// built with a stack protector, and nothing here recovers from an exception.
#include <cstdint>
#include <exception>

#include <boost/assert/source_location.hpp>

extern "C" {
extern const std::uintptr_t __stack_chk_guard;  // NOLINT(bugprone-reserved-identifier)
const std::uintptr_t __stack_chk_guard = 0xaff;
[[noreturn]] void __stack_chk_fail() { __builtin_trap(); }  // NOLINT(bugprone-reserved-identifier)
}

namespace boost {

[[noreturn]] void throw_exception(const std::exception& /*cause*/) { __builtin_trap(); }
[[noreturn]] void throw_exception(const std::exception& /*cause*/,
                                  const source_location& /*where*/) {
  __builtin_trap();
}

}  // namespace boost
