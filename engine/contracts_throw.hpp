// Within a run of a batch, a broken contract is an exception: it fails the run and not the program.
#pragma once

namespace fingers {

/// While it lives, a contract that this thread breaks throws a std::logic_error that names it.
class ContractsThrow {
 public:
  ContractsThrow();
  ~ContractsThrow();
  ContractsThrow(const ContractsThrow&) = delete;
  ContractsThrow& operator=(const ContractsThrow&) = delete;
  ContractsThrow(ContractsThrow&&) = delete;
  ContractsThrow& operator=(ContractsThrow&&) = delete;
};

}  // namespace fingers
