package org.medficientsam.function.clients.nninteractive;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.medficientsam.function.Door;
import org.medficientsam.function.rest.RestDoor;

/** A volume that comes in a few bytes takes the room on disk that it is inflated to. */
@QuarkusTest
@TestProfile(VolumeSpoolTest.LittleDisk.class)
class VolumeSpoolTest {
    /** Room for 2 MiB. */
    public static class LittleDisk implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("medficientsam.intake.disk", "2M");
        }
    }

    @TestHTTPResource("/")
    URI base = URI.create("");

    private HttpResponse<byte[]> post(String path, byte[] body, String... lease) {
        RestDoor door = new RestDoor(base);
        var request = door.request("nninteractive/" + path).POST(BodyPublishers.ofByteArray(body));
        if (lease.length > 0) request.header("X-Lease-Token", lease[0]);
        return door.send(request.build());
    }

    private static byte[] volume(int depth) throws IOException {
        return PackedArray.pack((bytes, count) -> Arrays.fill(bytes, 0, count, (byte) 0), 1, depth, 128, 128);
    }

    @Test
    void oneThatWouldNotFitIsRefusedInWordsAndLeavesTheRoomToOthers() throws IOException {
        String lease = Door.JSON
                .readTree(post("claim", new byte[0]).body())
                .path("lease_token")
                .asText();
        byte[] large = volume(200);
        assertThat(large.length).as("as it comes").isLessThan(100_000);

        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> refused = post("set_image", large, lease);
            assertThat(refused.statusCode()).as(RestDoor.text(refused)).isEqualTo(503);
            assertThat(RestDoor.text(refused)).contains("too many bodies");
        }
        for (int i = 0; i < 3; i++)
            assertThat(post("set_image", volume(100), lease).statusCode()).isEqualTo(200);
    }
}
