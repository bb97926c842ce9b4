// The one macro of the house: a check of what the code itself promises, on in every build. It is
// for mistakes of programmers; mistakes of users are values (see mistake.hpp).
#pragma once

namespace fingers {

/// Is told of a broken contract before the program aborts, and may throw instead.
using ContractResponse = void (*)(const char* expression, const char* file, int line);
void set_contract_response(ContractResponse response);

/// Prints the broken expression with its place on standard error and aborts, unless the response
/// that is set throws.
[[noreturn]] void fail_contract(const char* expression, const char* file, int line);

}  // namespace fingers

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): only a macro can print the expression and its
// place.
#define EXPECT_CONTRACT(condition)                     \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::fingers::fail_contract(#condition, __FILE__, __LINE__))
