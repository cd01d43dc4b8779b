package org.medficientsam.segmenter.command;

/** Entry of the segmenter's jar. It knows nothing of the libraries, so that it can say that they are missing. */
public final class Main {
    private Main() {}

    /** As {@link SegmentCommand#main}. */
    public static void main(String... arguments) {
        try {
            SegmentCommand.main(arguments);
        } catch (NoClassDefFoundError e) {
            System.err.println("this jar needs its libraries: lib/ must lie beside it, as it does where it was built");
            System.exit(1);
        }
    }
}
