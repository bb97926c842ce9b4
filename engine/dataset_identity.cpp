#include "engine/dataset_identity.hpp"

#include <map>

#include "engine/contract.hpp"
#include "engine/hash.hpp"

namespace fingers {

namespace {

void add_seeds(Sha256& sha, const DatasetDescription& description) {
  sha.add_number(description.results_version);
  sha.add_number(description.seeds.design);
  sha.add_number(description.seeds.population);
  sha.add_number(description.seeds.dynamics);
}

}  // namespace

std::string config_sha256(const DatasetDescription& description) {
  return text_sha256(description.config_text);
}

std::string dataset_uuid(const DatasetDescription& description) {
  Sha256 sha;
  add_seeds(sha, description);
  sha.add_text(description.config_text);
  return uuid_of_name(sha.hex());
}

RunIdentities::RunIdentities(const DatasetDescription& description) {
  EXPECT_CONTRACT(description.point_texts.size() == description.design.points.size());
  std::map<const std::string*, std::string> hashed;
  for (const PointText& text : description.point_texts) {
    Sha256 sha;
    add_seeds(sha, description);
    for (const auto& part : text) {
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
