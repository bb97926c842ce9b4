#include "engine/dataset_identity.hpp"

#include <map>

#include "engine/contract.hpp"
#include "engine/hash.hpp"

namespace fingers {

namespace {

void add_seeds(Sha256& sha, std::uint32_t results_version, const StreamSeeds& seeds) {
  sha.add_number(results_version);
  sha.add_number(seeds.design);
  sha.add_number(seeds.population);
  sha.add_number(seeds.dynamics);
}

}  // namespace

std::string config_sha256(const DatasetDescription& description) {
  return text_sha256(description.config_text);
}

std::string dataset_uuid(const DatasetDescription& description) {
  Sha256 sha;
  add_seeds(sha, description.results_version, description.seeds);
  sha.add_text(description.config_text);
  return uuid_of_name(sha.hex());
}

RunIdentities::RunIdentities(const DatasetDescription& description) {
  EXPECT_CONTRACT(description.point_texts.size() == description.design.points.size());
  std::map<const std::string*, std::string> hashed;
  for (std::uint32_t point = 0; point < description.point_texts.size(); ++point) {
    Sha256 sha;
    add_seeds(sha, description.results_version,
              seeds_of_point(description.design, description.seeds, point));
    for (const auto& part : description.point_texts[point]) {
      std::string& hash = hashed[part.get()];
      if (hash.empty()) {
        hash = text_sha256(*part);
      }
      sha.add_text(hash);
    }
    points_.push_back(sha.hex());
  }
}

std::uint64_t RunIdentities::of(std::uint32_t point, std::uint32_t replicate) const {
  EXPECT_CONTRACT(point < points_.size());
  Sha256 sha;
  sha.add_text(points_[point]);
  sha.add_number(replicate);
  const Sha256::Digest digest = sha.digest();
  std::uint64_t identity = 0;
  for (std::size_t i = 0; i < sizeof(identity); ++i) {
    identity |= std::uint64_t{digest[i]} << (8 * i);
  }
  return identity;
}

}  // namespace fingers
