import * as z from 'zod';
import { clusterSchema } from './schema/clusterSchema';
import { launchSchema } from './schema/launchSchema';
import { entryName } from './schema/text';

/*
 * The single source of `rankwise.yaml`: types, checks, defaults, and the published JSON schema with the descriptions and
 * examples that hover and completion show. One file in `schema/` for each launcher's options.
 */

export const rankwiseSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this format.', examples: [1] }),
    clusters: z
      .record(
        entryName,
        clusterSchema.meta({ description: 'A cluster: hosts, how to reach them, and defaults.' }),
      )
      .optional()
      .meta({ description: 'Clusters by name. `practice` is built in.' }),
    launches: z
      .record(
        entryName,
        launchSchema.meta({ description: 'A launch: cluster, launcher, command and resources.' }),
      )
      .optional()
      .meta({ description: 'Launches by name.' }),
  })
  .meta({ title: 'rankwise.yaml', description: 'Clusters and launches of Rankwise.' });

/** The published JSON schema (draft 7, as editors read it): what may be written, before defaults are filled in. */
export function rankwiseJsonSchema(): unknown {
  return z.toJSONSchema(rankwiseSchema, {
    io: 'input',
    target: 'draft-7',
    // Examples and defaults of text as written are dropped otherwise: their type is that of the output.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
      if (zodSchema instanceof z.ZodDefault) jsonSchema.default = zodSchema.def.defaultValue;
    },
  });
}
