package org.medficientsam.function.rest.exchange;

import java.util.concurrent.atomic.AtomicLong;

/** Room for all bodies that are on their way or wait for their turn. */
final class IntakeRoom {
    private final long memory;
    private final long disk;
    private final AtomicLong usedMemory = new AtomicLong();
    private final AtomicLong usedDisk = new AtomicLong();

    IntakeRoom(long memory, long disk) {
        this.memory = memory;
        this.disk = disk;
    }

    /** @return whether there was room, which is then taken */
    boolean takeMemory(long bytes) {
        return take(usedMemory, bytes, memory);
    }

    /** @return whether there was room, which is then taken */
    boolean takeDisk(long bytes) {
        return take(usedDisk, bytes, disk);
    }

    private static boolean take(AtomicLong used, long bytes, long most) {
        if (used.addAndGet(bytes) <= most) return true;
        used.addAndGet(-bytes);
        return false;
    }

    void giveMemory(long bytes) {
        usedMemory.addAndGet(-bytes);
    }

    void giveDisk(long bytes) {
        usedDisk.addAndGet(-bytes);
    }
}
