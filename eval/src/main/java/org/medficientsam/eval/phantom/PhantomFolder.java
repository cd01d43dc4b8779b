package org.medficientsam.eval.phantom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Phantoms as a data set on disk, in the challenge's layout: imgs/ and gts/, files of one name in both. */
public final class PhantomFolder {

    private PhantomFolder() {}

    /**
     * Same seed, same bytes.
     *
     * @param written called after each case, from any thread
     */
    public static void write(Path out, long seed, int casesEach, List<Phantom> phantoms, Runnable written)
            throws IOException {
        List<PhantomOrder> orders = phantoms.stream()
                .flatMap(phantom -> IntStream.range(0, casesEach).mapToObj(number -> new PhantomOrder(phantom, number)))
                .toList();
        try {
            orders.parallelStream().forEach(order -> {
                order.deliver(out, seed);
                written.run();
            });
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private record PhantomOrder(Phantom phantom, int number) {
        void deliver(Path out, long seed) {
            try {
                PhantomCase.draw(phantom, seed, number).write(out);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
