#include "engine/contract.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace fingers {

namespace {

// One for the program, for a contract is broken anywhere.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<ContractResponse> contract_response{nullptr};

}  // namespace

void set_contract_response(ContractResponse response) { contract_response.store(response); }

void fail_contract(const char* expression, const char* file, int line) {
  if (const ContractResponse response = contract_response.load()) {
    response(expression, file, line);
  }
  static_cast<void>(std::fprintf(stderr, "%s:%d: contract broken: %s\n", file, line, expression));
  std::abort();
}

}  // namespace fingers
