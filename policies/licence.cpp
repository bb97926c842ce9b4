#include "policies/licence.hpp"

#include "engine/contract.hpp"

namespace fingers {

Licence named_licence(std::size_t index) {
  EXPECT_CONTRACT(index < kLicenceNames.size());
  switch (index) {
    case 0:  // Apache 2.0 and the like
      return {};
    case 1:  // the Llama 3.1 terms: acceptable-use policy by reference, naming duty, 700 M users,
             // ends for those who sue; share of purposes from the policy matrix of the literature
             // table
      return {.forbidden_share = 0.3,
              .revocable = false,
              .terms_by_reference = true,
              .redistribution = true,
              .derivatives = true,
              .naming_duty = true,
              .user_cap = 7e8};
    default:  // terms of service of a hosted model
      return {.forbidden_share = 0.3,
              .revocable = true,
              .terms_by_reference = true,
              .redistribution = false,
              .derivatives = false,
              .naming_duty = false};
  }
}

}  // namespace fingers
