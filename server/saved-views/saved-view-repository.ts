import { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "#server/platform/db.ts";
import type { ViewContent } from "#server/saved-views/saved-view.schemas.ts";

type Tx = Prisma.TransactionClient;

export type StoredView = Readonly<{
  id: string;
  operatorId: string;
  listName: string;
  name: string;
  filter: unknown;
  sort: string;
  columns: unknown;
  isShared: boolean;
  deletedAt: Date | null;
}>;

const json = (value: unknown) => (value === null ? Prisma.DbNull : (value as Prisma.InputJsonValue));

/** Lets the views of a list be changed one at a time, until the transaction ends: limits and names hold then. */
export async function lockViews(tx: Tx, listName: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`saved-views:${listName}`}, 0))`;
}

/** The views that a person sees of a list: shared ones and their own. */
export async function loadVisibleViews(db: Db, operatorId: string, listName: string): Promise<StoredView[]> {
  return db.savedView.findMany({
    where: { listName, deletedAt: null, OR: [{ operatorId }, { isShared: true }] },
    orderBy: [{ isShared: "desc" }, { createdAt: "asc" }, { id: "asc" }],
    take: 200,
  });
}

/** The names of persons by their ids. */
export async function loadOwnerNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.operator.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true },
  });
  return new Map(rows.map((row) => [row.id, row.name]));
}

export async function findView(tx: Tx | Db, id: string): Promise<StoredView | null> {
  return tx.savedView.findUnique({ where: { id } });
}

export async function countOwnViews(tx: Tx, operatorId: string, listName: string): Promise<number> {
  return tx.savedView.count({ where: { operatorId, listName, deletedAt: null } });
}

export async function countSharedViews(tx: Tx, listName: string): Promise<number> {
  return tx.savedView.count({ where: { listName, isShared: true, deletedAt: null } });
}

/** True when the person has another view of that name, written in any case. */
export async function isNameTaken(
  tx: Tx,
  view: { id: string; operatorId: string; listName: string; name: string },
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM saved_view WHERE operator_id = ${view.operatorId} AND list_name = ${view.listName}
      AND lower(name) = lower(${view.name}) AND deleted_at IS NULL AND id <> ${view.id} LIMIT 1`;
  return row !== undefined;
}

export async function insertView(
  tx: Tx,
  view: {
    id: string;
    operatorId: string;
    listName: string;
    name: string;
    isShared: boolean;
    content: ViewContent;
    at: Date;
  },
): Promise<void> {
  const { content, at, ...rest } = view;
  await tx.savedView.create({
    data: {
      ...rest,
      filter: json(content.filter) as Prisma.InputJsonValue,
      sort: content.sort,
      columns: json(content.columns),
      createdAt: at,
      updatedAt: at,
    },
  });
}

export async function updateView(
  tx: Tx,
  id: string,
  change: {
    name?: string | undefined;
    isShared?: boolean | undefined;
    content?: ViewContent | undefined;
    deletedAt?: Date | null;
    at: Date;
  },
): Promise<void> {
  const { name, isShared, content, deletedAt, at } = change;
  await tx.savedView.update({
    where: { id },
    data: {
      ...(name !== undefined && { name }),
      ...(isShared !== undefined && { isShared }),
      ...(deletedAt !== undefined && { deletedAt }),
      ...(content && {
        filter: json(content.filter) as Prisma.InputJsonValue,
        sort: content.sort,
        columns: json(content.columns),
      }),
      updatedAt: at,
    },
  });
}

/** Removes for good what a person deleted before that time. */
export async function removeDeletedViews(tx: Tx, operatorId: string, before: Date): Promise<void> {
  await tx.savedView.deleteMany({ where: { operatorId, deletedAt: { lt: before } } });
}

export async function findPreference(
  db: Db,
  operatorId: string,
  listName: string,
): Promise<{ defaultViewId: string | null; columns: unknown } | null> {
  return db.listPreference.findUnique({
    where: { operatorId_listName: { operatorId, listName } },
    select: { defaultViewId: true, columns: true },
  });
}

/** Keeps what a person likes of a list; what is left out stays as it is. */
export async function keepPreference(
  db: Db,
  operatorId: string,
  listName: string,
  preference: { defaultViewId?: string | null; columns?: readonly string[] | null },
): Promise<void> {
  const data = {
    ...(preference.defaultViewId !== undefined && { defaultViewId: preference.defaultViewId }),
    ...(preference.columns !== undefined && { columns: json(preference.columns) }),
  };
  await db.listPreference.upsert({
    where: { operatorId_listName: { operatorId, listName } },
    create: { operatorId, listName, ...data },
    update: data,
  });
}
