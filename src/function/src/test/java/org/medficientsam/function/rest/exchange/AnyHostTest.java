package org.medficientsam.function.rest.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When {@link HostNames} takes any name. */
class AnyHostTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, false, true",
        "::, false, true",
        "192.168.1.5, false, true",
        "gpu.lab.example, false, true",
        "127.0.0.1, false, false",
        "127.8.0.1, false, false",
        "localhost, false, false",
        "::1, false, false",
        "127.0.0.1, true, true"
    })
    void anyNameWillDoWhereOthersAskOrATokenIsWanted(String listened, boolean guarded, boolean any) {
        assertThat(HostNames.of(Optional.empty(), listened, guarded, List.of()).knows("other.example"))
                .isEqualTo(any);
    }

    @Test
    void namesThatAreConfiguredHoldWhoeverListens() {
        HostNames names = HostNames.of(Optional.of(List.of("Seg.Hospital.example", "gpu")), "0.0.0.0", true, List.of());

        assertThat(names.knows("seg.hospital.example")).isTrue();
        assertThat(names.knows("GPU.")).isTrue();
        assertThat(names.knows("10.0.0.7")).as("a probe's, by address").isTrue();
        assertThat(names.knows("hospital.example")).isFalse();
        assertThat(HostNames.of(Optional.of(List.of("*")), "127.0.0.1", false, List.of())
                        .knows("hospital.example"))
                .isTrue();
    }
}
