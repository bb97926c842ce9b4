"""Each rule of the house complains about a tree that breaks it, and not about its neighbour."""

from pathlib import Path

import pytest
import rules

# rule, file that keeps it, file that breaks it; each a path and a text
CASES = [
    (
        rules.types_have_their_own_names,
        (
            "engine/a.cpp",
            "struct A {\nnamespace {\nstruct A {\n}  // namespace\nstruct A;\nstruct B {\n",
        ),
        ("cli/a.hpp", "enum class A {\nnamespace {\n}  // namespace\nclass A : public B {\n"),
    ),
    (
        rules.includes_go_one_way,
        ("agents/labs.cpp", '#include "policies/rules.hpp"\n#include <vector>\n'),
        ("policies/rules.hpp", '#include "agents/labs.hpp"\n'),
    ),
    (
        rules.includes_go_one_way,
        ("engine/store.cpp", '#include "engine/store.hpp"\n'),
        ("engine/store.cpp", '  #  include "cli/run.hpp"\n'),
    ),
    (
        rules.includes_go_one_way,
        ("cli/run.cpp", '#include "agents/month.hpp"\n'),
        ("cli/run.cpp", '#include "../agents/month.hpp"\n'),
    ),
    (
        rules.includes_go_one_way,
        ("cli/run.cpp", '#include "cli/commands.hpp"\n'),
        ("agents/month.cpp", "#include <cli/commands.hpp>\n"),
    ),
    (
        rules.engine_knows_no_domain,
        ("engine/random.hpp", "// A collaborative label, harmonic and weighted.\n"),
        ("engine/store.hpp", "int kOpenWeights = 1;\n"),
    ),
    (
        rules.engine_knows_no_domain,
        ("agents/labs.hpp", "struct Labs {};\n"),
        ("engine/parallel.cpp", "// one block for each regime\n"),
    ),
    (
        rules.one_door_per_library,
        ("engine/parallel.cpp", "#include <tbb/parallel_for.h>\n"),
        ("engine/ensemble.cpp", "#include <tbb/parallel_for.h>\n"),
    ),
    (
        rules.one_door_per_library,
        ("engine/store_segment.cpp", "#include <hdf5.h>\n"),
        ("cli/info.cpp", "#include <H5public.h>\n"),
    ),
    (
        rules.one_door_per_library,
        ("engine/json_tree.hpp", "#include <nlohmann/json.hpp>\n"),
        ("policies/regime.cpp", "#include <nlohmann/json.hpp>\n"),
    ),
    (
        rules.one_door_per_library,
        ("engine/random.cpp", "#include <Random123/philox.h>\n#include <boost/random.hpp>\n"),
        ("agents/labs.cpp", "#include <boost/random/normal_distribution.hpp>\n"),
    ),
    (
        rules.one_door_per_library,
        ("engine/hash.cpp", "#include <openssl/evp.h>\n"),
        ("engine/store.cpp", "#include <openssl/evp.h>\n"),
    ),
    (
        rules.model_is_portable,
        ("engine/parallel.cpp", "#include <thread>\n"),
        ("agents/month.cpp", "#include <thread>\n"),
    ),
    (
        rules.model_is_portable,
        ("agents/labs.cpp", "const double c = portable_log(x) + std::sqrt(y);\n"),
        ("agents/labs.cpp", "const double c = std::log(x);\n"),
    ),
    (
        rules.files_are_short,
        ("agents/month.cpp", "int x;\n" * 500),
        ("agents/month.cpp", "int x;\n" * 501),
    ),
    (
        rules.nothing_generated,
        ("tests/data/tiny.h5", "data"),
        ("configs/mine.h5", "data"),
    ),
    (
        rules.nothing_generated,
        ("docs/building.md", "text"),
        ("build/release/fingers.o", "code"),
    ),
    (
        rules.no_path_of_one_machine,
        ("configs/a.json", '{"at": "/population/developers/count", "b": "/runs/status"}'),
        ("configs/a.json", '{"at": "' + "/ho" + 'me/somebody/data.csv"}'),
    ),
    (
        rules.spelling_is_british,
        ("docs/model.md", "The behaviour of a modelled neighbour is optimised."),
        ("docs/model.md", "The be" + "havior of an agent."),
    ),
    (
        rules.spelling_is_british,
        ("agents/labs.cpp", "// summarised"),
        ("agents/labs.cpp", "// normal" + "ized"),
    ),
]


def tree(folder: Path, file: tuple[str, str]) -> Path:
    path = folder / file[0]
    path.parent.mkdir(parents=True)
    path.write_text(file[1], encoding="utf-8")
    return folder


@pytest.mark.parametrize(("rule", "good", "bad"), CASES)
def test_a_rule_tells_a_good_tree_from_a_bad_one(
    rule: rules.Rule, good: tuple[str, str], bad: tuple[str, str], tmp_path: Path
) -> None:
    assert rule(tree(tmp_path / "good", good)) == []
    complaints = rule(tree(tmp_path / "bad", bad))
    assert len(complaints) == 1
    assert complaints[0].startswith(bad[0] + ":")


def test_every_rule_is_shown_a_tree_that_breaks_it() -> None:
    assert {rule for rule, _, _ in CASES} == set(rules.RULES)
