package io.sluice.agent.volume.lvm;

import java.util.List;

/** Something to put in order in a volume group, left by a crash or a reboot. Each may be done twice. */
sealed interface Chore {
    /** A volume that is not active after a reboot. */
    record Activate(LogicalVolume volume) implements Chore {}

    /** A copy that was retired but not yet named so. */
    record MoveAside(LogicalVolume volume, String name) implements Chore {}

    /**
     * A volume that was being zeroed by an agent that is gone: nothing refers to it, and it is made anew when needed. LVM itself
     * looks once more that it is still unfinished.
     */
    record RemoveUnfinished(LogicalVolume volume) implements Chore {}

    /** A standing that holds already and that LVM does not have yet. */
    record Tell(LogicalVolume volume, LogicalVolume wanted) implements Chore {}

    default List<String> command() {
        return switch (this) {
            case Activate chore ->
                List.of("lvchange", "--activate", "y", "--ignoreactivationskip", chore.volume.path());
            case Tell chore -> LvmCopy.changing(chore.volume, chore.wanted);
            case MoveAside chore -> List.of("lvrename", "--yes", chore.volume.group(), chore.volume.name(), chore.name);
            case RemoveUnfinished chore ->
                List.of("lvremove", "--yes", "--select", "lv_tags=" + Tags.UNFINISHED, chore.volume.path());
        };
    }
}
